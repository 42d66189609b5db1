"""What is tried after which refusal, step by step down to text alone."""

from __future__ import annotations

import pytest

from bot.model.errors import (
    ChatGone,
    DeliveryError,
    Flood,
    MediaForbidden,
    MessageGone,
    OurFault,
    PictureRefused,
    RichRefused,
    Unreachable,
)
from bot.model.story.article import Content
from bot.model.story.content import Media, MediaKind
from bot.model.story.fallback import Attempt, next_attempt
from bot.model.story.form import Form, Style

HARBOUR, BRIDGE = "https://news.example.com/harbour.png", "https://news.example.com/bridge.png"
RICH_FORM, FORBIDDEN = RichRefused("refused"), MediaForbidden("no-rights")
SOME_PICTURE = PictureRefused("picture")
HARBOUR_REFUSED = PictureRefused("picture", pictures=(HARBOUR,))
BRIDGE_REFUSED = PictureRefused("picture", pictures=(BRIDGE,))


def attempt(form: Form, *refused: str, pictures: bool = True) -> Attempt:
    """Return an attempt in a form, without what was refused by name."""
    return Attempt(Style(form, pictures), frozenset(refused))


RICH, CLASSIC, BRIEF = attempt(Form.RICH), attempt(Form.CLASSIC), attempt(Form.BRIEF)
RICH_TEXT, CLASSIC_TEXT = attempt(Form.RICH, pictures=False), attempt(Form.CLASSIC, pictures=False)
BRIEF_TEXT = attempt(Form.BRIEF, pictures=False)


@pytest.mark.parametrize(
    ("tried", "refusal", "following"),
    [
        pytest.param(RICH, RICH_FORM, CLASSIC, id="rich form"),
        pytest.param(RICH, HARBOUR_REFUSED, attempt(Form.RICH, HARBOUR), id="named picture"),
        pytest.param(
            attempt(Form.RICH, HARBOUR),
            BRIDGE_REFUSED,
            attempt(Form.RICH, HARBOUR, pictures=False),
            id="second named picture",
        ),
        pytest.param(RICH, SOME_PICTURE, RICH_TEXT, id="unnamed picture"),
        pytest.param(RICH, FORBIDDEN, RICH_TEXT, id="chat takes no pictures"),
        pytest.param(
            attempt(Form.RICH, HARBOUR), RICH_FORM, attempt(Form.CLASSIC, HARBOUR), id="picture, then form"
        ),
        pytest.param(RICH_TEXT, RICH_FORM, CLASSIC_TEXT, id="rich form without pictures"),
        pytest.param(RICH_TEXT, SOME_PICTURE, CLASSIC_TEXT, id="other media"),
        pytest.param(RICH_TEXT, FORBIDDEN, CLASSIC_TEXT, id="chat takes no other media"),
        pytest.param(CLASSIC, HARBOUR_REFUSED, attempt(Form.CLASSIC, HARBOUR), id="classic, named picture"),
        pytest.param(CLASSIC, SOME_PICTURE, CLASSIC_TEXT, id="classic, unnamed picture"),
        pytest.param(CLASSIC, FORBIDDEN, CLASSIC_TEXT, id="classic, chat takes no pictures"),
        pytest.param(BRIEF, FORBIDDEN, BRIEF_TEXT, id="brief, chat takes no pictures"),
        pytest.param(BRIEF, RICH_FORM, CLASSIC, id="long digest of a chat that likes briefs"),
        pytest.param(CLASSIC, RICH_FORM, None, id="nothing below classic"),
        pytest.param(CLASSIC_TEXT, SOME_PICTURE, None, id="nothing below text"),
        pytest.param(CLASSIC_TEXT, FORBIDDEN, None, id="chat takes no text either"),
        pytest.param(BRIEF_TEXT, SOME_PICTURE, None, id="nothing below a brief's text"),
    ],
)
def test_each_refusal_leads_one_step_down(
    tried: Attempt, refusal: DeliveryError, following: Attempt | None
) -> None:
    assert next_attempt(tried, refusal) == following


@pytest.mark.parametrize(
    "refusal",
    [
        OurFault("refused"),
        ChatGone("blocked"),
        Flood(3),
        MessageGone("message"),
        Unreachable("network", ambiguous=True),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
@pytest.mark.parametrize("tried", [RICH, CLASSIC, BRIEF, CLASSIC_TEXT])
def test_what_is_no_refusal_of_the_form_leads_nowhere(tried: Attempt, refusal: DeliveryError) -> None:
    assert next_attempt(tried, refusal) is None


@pytest.mark.parametrize("refusals", [[BRIDGE_REFUSED, HARBOUR_REFUSED], [SOME_PICTURE], [FORBIDDEN]])
def test_whatever_is_refused_again_and_again_the_steps_come_to_an_end(refusals: list[DeliveryError]) -> None:
    steps = [RICH]
    for refusal in refusals * 10:
        following = next_attempt(steps[-1], refusal)
        if following is None:
            break
        assert following not in steps
        steps.append(following)
    assert steps[-1].style == Style(Form.CLASSIC, pictures=False)
    assert len(steps) <= 4


def test_an_attempt_leaves_out_what_was_refused_by_name() -> None:
    content = Content("Мост открыт", picture=Media(MediaKind.PICTURE, HARBOUR))
    assert RICH.left(content) == content
    assert attempt(Form.RICH, BRIDGE).left(content) == content
    assert attempt(Form.RICH, HARBOUR).left(content).picture is None
