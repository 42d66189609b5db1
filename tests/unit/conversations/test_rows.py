"""How buttons are put into rows that a phone shows whole."""

from __future__ import annotations

import pytest

from bot.conversations.desk.offers import fitting
from bot.model.message import Button


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Пауза", "Стоп"], [2]),
        (["Исправить…", "Продолжение…", "В «Главное»"], [3]),
        (["Как увидят читатели", "В другом виде…", "Изменить…"], [2, 1]),
        (["Опубликовать", "⚡ Срочной новостью…", "Запланировать…", "Снять время выхода"], [2, 2]),
        (["As readers will see it", "In another form…", "Change…"], [1, 1, 1]),
        (["Отозвать…"], [1]),
        ([], []),
    ],
)
def test_a_row_has_no_more_than_a_phone_shows(labels: list[str], rows: list[int]) -> None:
    found = fitting([Button(each) for each in labels])
    assert [len(row) for row in found] == rows
    assert [each.text for row in found for each in row] == labels
