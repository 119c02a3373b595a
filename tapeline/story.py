"""OpenAI's turn to open models in steps: sentences whose every number and date is filled from the tables by id.

A slot names a row and what to say of it: `{openai-gpt-2|month}` its date (`day`, `month`), `{a|until|b}` the time from one row to another,
`{openai-gpt-3|parameters_total}` a figure, `{deepseek-nvidia-record-fall|share_price_move|size}` a figure without its sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from tapeline.errors import StoryError
from tapeline.milestones import Tables, figures_of, select
from tapeline.once import once
from tapeline.rows import each
from tapeline.selection import Selection
from tapeline.words import day, quantity, span

SLOT = re.compile(r"\{([^{}|]+)\|([^{}|]+)(?:\|([^{}|]+))?\}")
TITLE = "OpenAI’s turn to open models"
LEAD = (
    "How the company that withheld its models came to promise one for download, told with the rows of this data set. Every number and date in the "
    "sentences is read from these rows, which stand with their sources beneath each chart."
)


@dataclass(frozen=True)
class Chart:
    """What is drawn beside a step, from the row `since` to the row `until`: `metric` is of adoption, `shares` are of the market."""

    kind: Literal["paths", "adoption", "rounds", "market", "reaction"]
    companies: tuple[str, ...]
    since: str
    until: str
    metric: str = ""
    shares: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step: its name in keys, a plain statement, sentences with slots, the ids of the rows it rests on, and its chart."""

    key: str
    heading: str
    words: str
    rows: tuple[str, ...]
    chart: Chart


ANNOUNCED = "openai-open-weight-model-plan"
STEPS = (
    Step(
        "closed", "OpenAI kept its language models closed",
        "In {openai-gpt-2|month} OpenAI described GPT-2 and held the full model back, citing the risk of misuse; its weights followed "
        "{openai-gpt-2|until|openai-gpt-2-full-weights} later. GPT-3, of {openai-gpt-3|parameters_total}, was sold as a service, with its code "
        "licensed to Microsoft alone on {microsoft-gpt-3-exclusive-licence|day}, and of GPT-4, in {openai-gpt-4|month}, not even the size was "
        "given. What stayed open were smaller models for images and speech, such as CLIP and Whisper.",
        ("openai-gpt-2", "openai-gpt-2-full-weights", "openai-gpt-3", "microsoft-gpt-3-exclusive-licence", "openai-clip", "openai-whisper",
         "openai-gpt-4", "openai-sutskever-on-openness"),
        Chart("paths", ("openai",), "openai-gpt-2", "openai-sutskever-on-openness"),
    ),
    Step(
        "llama", "Meta let others download its models",
        "Meta gave LLaMA to researchers in {meta-llama|month}, and the weights leaked {meta-llama|until|meta-llama-weights-leak} later. Llama 2, in "
        "{meta-llama-2|month}, was free for most commercial use; on {meta-llama-1b-downloads|day} Meta announced "
        "{meta-llama-1b-downloads|cumulative_downloads}.",
        ("meta-llama", "meta-llama-weights-leak", "meta-llama-2", "meta-open-source-ai-letter", "meta-llama-300m-downloads",
         "meta-llama-1b-downloads"),
        Chart("adoption", ("meta",), "meta-llama", "meta-llama-1b-downloads", "cumulative_downloads"),
    ),
    Step(
        "deepseek", "A Chinese model with open weights shook the market",
        "On {deepseek-r1|day} DeepSeek released R1, a reasoning model of {deepseek-r1|parameters_total}, with open weights under the MIT licence. "
        "When its app had reached the top of the American App Store, NVIDIA’s shares fell by "
        "{deepseek-nvidia-record-fall|share_price_move|size} on {deepseek-nvidia-record-fall|day}, a loss of "
        "{deepseek-nvidia-record-fall|market_value_change|size} of market value.",
        ("deepseek-r1", "deepseek-app-tops-us-app-store", "deepseek-nvidia-record-fall"),
        Chart("market", ("deepseek", "nvidia"), "deepseek-r1", "openai-rejects-musk-bid", shares=("NVDA", "^GSPC")),
    ),
    Step(
        "wrong-side", "“On the wrong side of history”",
        "{deepseek-r1|until|openai-wrong-side-of-history} after R1, Sam Altman said that OpenAI had been on the wrong side of history on open "
        "source. Google had been cautious too: its leaders pointed to the risk to its reputation in {google-chatbot-reputational-risk|month}, and "
        "the open models it began with in {google-gemma|month} were small. Elon Musk, who had sued over OpenAI’s founding mission in "
        "{openai-sued-by-musk|month}, offered {xai-musk-bid-for-openai|takeover_offer} for control of it; the board refused "
        "{xai-musk-bid-for-openai|until|openai-rejects-musk-bid} later.",
        ("google-chatbot-reputational-risk", "google-gemma", "openai-sued-by-musk", "openai-wrong-side-of-history", "xai-musk-bid-for-openai",
         "openai-rejects-musk-bid"),
        Chart("paths", ("openai", "meta", "deepseek", "google", "xai"), "openai-gpt-4", "openai-rejects-musk-bid"),
    ),
    Step(
        "images", "Meanwhile a closed product drew the crowds",
        "On {openai-chatgpt-image-generation|day} ChatGPT began to make pictures itself. Within a single hour of "
        "{openai-one-million-users-in-an-hour|day}, said Altman, it won {openai-one-million-users-in-an-hour|users_gained_1_hour}; the first "
        "{openai-chatgpt-1m-users|users_gained_5_days} had taken {openai-chatgpt-launch|until|openai-chatgpt-1m-users} from its launch. OpenAI now "
        "counted {openai-chatgpt-500m-weekly-users|weekly_active_users} a week.",
        ("openai-chatgpt-launch", "openai-chatgpt-1m-users", "openai-chatgpt-image-generation", "openai-one-million-users-in-an-hour",
         "openai-chatgpt-500m-weekly-users"),
        Chart("adoption", ("openai",), "openai-chatgpt-launch", "openai-chatgpt-500m-weekly-users", "weekly_active_users"),
    ),
    Step(
        "round", "SoftBank led a round of {openai-funding-40bn|equity_announced}",
        "On {openai-funding-40bn|day} OpenAI announced {openai-funding-40bn|equity_announced}, then the largest private round, at a valuation of "
        "{openai-funding-40bn|post_money_valuation}. {openai-funding-6-6bn|until|openai-funding-40bn} earlier it had been worth "
        "{openai-funding-6-6bn|post_money_valuation}.",
        ("openai-funding-6-6bn", "openai-funding-40bn"),
        Chart("rounds", ("openai",), "openai-microsoft-1bn-2019", "openai-funding-40bn"),
    ),
    Step(
        "announced", "OpenAI promised open weights, and delivered late",
        "Also on {openai-open-weight-model-plan|day}, Altman announced a reasoning model with open weights for the coming months. It was put off in "
        "{openai-open-model-first-delay|month} and again in {openai-open-model-second-delay|month}. On {openai-gpt-oss|day} came gpt-oss, the larger "
        "one of {openai-gpt-oss|parameters_total}: OpenAI’s first open-weight language models since GPT-2, "
        "{openai-gpt-2-full-weights|until|openai-gpt-oss} after it.",
        ("openai-open-weight-model-plan", "openai-open-model-developer-events", "openai-open-model-first-delay", "openai-open-model-second-delay",
         "openai-gpt-oss"),
        Chart("paths", ("openai",), "openai-gpt-2", "openai-gpt-oss"),
    ),
    Step(
        "reaction", "What did the market make of it?",
        "The last step is yours. This is what a share related to OpenAI did around {openai-open-weight-model-plan|day}, the day of the announcement, "
        "beyond what its market explains.",
        (ANNOUNCED, "openai-funding-40bn", "openai-one-million-users-in-an-hour"),
        Chart("reaction", ("openai",), ANNOUNCED, ANNOUNCED),
    ),
)  # fmt: skip


@once()
def milestone(tables: Tables, milestone_id: str) -> Any:
    """Return a row; raises StoryError where the tables lack it."""
    found = tables.milestones[tables.milestones["milestone_id"] == milestone_id]
    if found.empty:
        raise StoryError(f"milestones.csv: found no row {milestone_id!r}; the story rests on it. Put it back, or change tapeline/story.py.")
    return next(each(found))


@once()
def figure(tables: Tables, milestone_id: str, metric_id: str) -> Any:
    """Return a figure of a row with its metric; raises StoryError where the tables lack either."""
    milestone(tables, milestone_id)
    found = figures_of(tables, milestone_id)
    found = found[found["metric_id"] == metric_id]
    if found.empty:
        raise StoryError(f"figures.csv: found no {metric_id!r} of {milestone_id!r}; the story rests on it. Put it back, or change tapeline/story.py.")
    return next(each(found))


@once()
def filled(tables: Tables, words: str) -> str:
    """Fill the slots of a sentence from the tables; raises StoryError where they lack something."""
    return SLOT.sub(lambda slot: _said(tables, slot[1], slot[2], slot[3] or ""), words)


@once()
def rows(tables: Tables, step: Step) -> pd.DataFrame:
    """Return the milestones that a step rests on, in order of date; those that the tables lack are left out."""
    return tables.milestones[tables.milestones["milestone_id"].isin(step.rows)].reset_index(drop=True)


@once()
def seen(tables: Tables, chart: Chart) -> pd.DataFrame:
    """Return the milestones of a chart's companies between its two rows; raises StoryError where one is missing."""
    since, until = (milestone(tables, name).date.date() for name in (chart.since, chart.until))
    return select(tables, Selection(companies=chart.companies, start=since, end=until))


def _said(tables: Tables, milestone_id: str, what: str, more: str) -> str:
    """Say what a slot asks for."""
    match what:
        case "day" | "month":
            row = milestone(tables, milestone_id)
            return day(row.date, row.date_precision if what == "day" else "month")
        case "until":
            return span((milestone(tables, more).date - milestone(tables, milestone_id).date).days)
    found = figure(tables, milestone_id, what)
    return _size(found) if more == "size" else quantity(found)


def _size(found: Any) -> str:
    """Say a figure without its sign."""
    low, high = sorted((abs(found.low), abs(found.high)))
    return quantity(found._replace(value=abs(found.value), low=low, high=high, behaviour="level"))
