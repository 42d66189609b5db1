"""The sender against a server that answers what aiogram can't read: a call that was carried out is not made again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.model.delivery import Shown
from bot.model.errors import Unreachable
from bot.model.message import TEXT, OutgoingMessage
from bot.telegram.sender import Sender
from bot.telegram.transport.ticket import CallTicket
from tests.support.world import client_of

NEWER = {"ok": True, "result": {"message_id": 7, "date": "at some hour", "chat": "a chat of another kind"}}


class Answers:
    """A server with one answer to every call; it counts them."""

    def __init__(self) -> None:
        self.answer: object = NEWER
        self.calls: list[str] = []

    async def serve(self, request: web.Request) -> web.Response:
        await request.read()
        self.calls.append(request.path.rpartition("/")[2])
        return web.json_response(self.answer)


@pytest.fixture
async def answers() -> Answers:
    return Answers()


@pytest.fixture
async def bot(answers: Answers) -> AsyncIterator[Bot]:
    app = web.Application()
    app.router.add_post("/{path:.*}", answers.serve)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    async with client_of(str(server.make_url("")).rstrip("/")) as made:
        yield made
    await server.close()


async def test_an_edit_whose_answer_can_not_be_read_was_made(bot: Bot, answers: Answers) -> None:
    standing = Shown(0, 7, TEXT)
    await Sender(bot).edit(1000, standing, OutgoingMessage("Мост открыт"), ticket=CallTicket())
    assert answers.calls == ["editMessageText"]


async def test_a_send_whose_answer_can_not_be_read_was_made_and_has_its_number(
    bot: Bot, answers: Answers
) -> None:
    sent = await Sender(bot).send(1000, [OutgoingMessage("Мост открыт")], ticket=CallTicket())
    assert sent == [7]
    assert answers.calls == ["sendMessage"]


async def test_an_answer_that_names_no_result_leaves_the_outcome_unknown(bot: Bot, answers: Answers) -> None:
    answers.answer = {"what": "else"}
    with pytest.raises(Unreachable) as unknown:
        await Sender(bot).withdraw(1000, 7, ticket=CallTicket())
    assert unknown.value.ambiguous
