"""Event studies: what shares did around an event beyond what their market explains, and whether chance does as well.

Numbers only: arrays and labels go in by one door, `study.run`, and frozen results come out.

Notation. Share i has return R_it on the session that lies t sessions from its event session (day 0), its market Rm_t.
The estimation window holds n valid sessions (share and market both there); the event window L sessions.

Expected returns. `market`: R = a + b Rm + e by least squares, s2 = SSR/(n - 2), k = 2. `mean_adjusted`: a is the mean,
s2 = SS/(n - 1), k = 1. `market_adjusted`: a = 0, b = 1, s2 = (sum of squared differences)/n, k = 0.

One event. AR_t = R_t - a - b Rm_t. CAR = sum of AR. Both rest on estimates, which adds to their variance:
    Var(AR_t) = s2 C_t,  C_t = 1 + 1/n + (Rm_t - m)2/Sxx           m, Sxx: mean and sum of squares of Rm in the estimation window
    Var(CAR)  = s2 (L + L2/n + (sum_t (Rm_t - m))2/Sxx)            the days share a and b, so their errors add up
`mean_adjusted` has no third term, `market_adjusted` neither second nor third. SAR = AR/sd(AR), SCAR = CAR/sd(CAR) follow t(n - k).

A group. N events on a day, or over the window with CAR and SCAR in place of AR and SAR:
    cross-sectional t  sqrt(N) mean(AR)/sd(AR)                                          Brown and Warner 1980, 1985
    Patell             sum SAR / sqrt(sum (n - k)/(n - k - 2))                          Patell 1976
    BMP                sqrt(N) mean(SAR)/sd(SAR)                                        Boehmer, Musumeci and Poulsen 1991
    KP                 BMP sqrt((1 - r)/(1 + (N - 1) r))                                Kolari and Pynnonen 2010
    rank               mean(U_t)/S, U = rank/(1 + M) - 1/2 over estimation and event days, S2 = mean over all days of mean(U_t)2
                       over a window of L days: sum_t mean(U_t)/(S sqrt(L))             Corrado 1989; Corrado and Zivney 1992; Cowan 1992
    generalised sign   (w - N p)/sqrt(N p (1 - p)), w: how many are positive, p: the mean share of positive residuals   Cowan 1992
r is the mean correlation of the residuals of two events, taken over the calendar dates that their estimation windows share,
each pair weighted with the part of the event window that the two have in common: events that share no date count as 0
(Kolari, Pape and Pynnonen 2018).

Where they come from.
    Boehmer, Musumeci, Poulsen 1991, Journal of Financial Economics 30:253. Brown, Warner 1985, JFE 14:3. Corrado 1989, JFE 23:385.
    Corrado, Zivney 1992, Journal of Financial and Quantitative Analysis 27:465. Cowan 1992, Review of Quantitative Finance and Accounting 2:343.
    Kolari, Pynnonen 2010, Review of Financial Studies 23:3996. MacKinlay 1997, Journal of Economic Literature 35:13.
    Patell 1976, Journal of Accounting Research 14:246. Benjamini, Hochberg 1995, Journal of the Royal Statistical Society B 57:289.
"""
