"""Words that say what happened: two texts that differ in one of these tell of different things.

Numbers written out, days, months, and opposites, as the beginnings of folded words.
"""

from __future__ import annotations

import re

_NUMBERS = (
    r"од(?:ин|на|но|ного|ной|ному|ним)|дв(?:а|е|ух|ум|умя|ое|оих)|тр(?:и|ех|ем|емя|ое|оих)|четыр\w*|четвер\w*"
    r"|пят(?:ь|и|ью|еро|ерых|ый|ого|ом|ой|ая)|шест(?:ь|и|ью|еро|ой|ого|ом|ая)|сем(?:ь|и|ью|еро|ерых)|седьм\w+"
    r"|восем\w*|восьм\w*|девят\w+|десят\w+|\w+надцат\w+|двадцат\w+|тридцат\w+|сорок\w*|полсотни|сто|сотн\w+"
    r"|двести|триста|тысяч\w*|миллион\w*|миллиард\w*|перв\w{2,3}|втор(?:ой|ого|ом|ая|ую)|трет(?:ий|ьего|ьем|ья|ь|и)"
    r"|полов\w+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundreds?|thousands?|(?:m|b)illions?|first|second|third|fourth|fifth|half|dozens?"
)
_TIMES = (
    r"январ\w+|феврал\w+|март\w?|апрел\w+|ма[йяе]|июн\w+|июл\w+|август\w*|сентябр\w+|октябр\w+|ноябр\w+|декабр\w+"
    r"|понедельник\w*|вторник\w*|сред[ауые]|четверг\w*|пятниц\w+|суббот\w+|воскресень\w+|вчера|сегодня|завтра"
    r"|утр(?:о|а|ом|у)|полд(?:ень|ню|ня)|вечер(?:ом|а|у|ний)?|ноч(?:ь|ью|и)|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|yesterday|today|tomorrow|tonight|morning|noon|afternoon|evening|night"
)
_OPPOSITES = (
    r"открыл\w*|открыт\w*|открыва\w+|закрыл\w*|закрыт\w*|закрыва\w+|вырос\w*|раст[уе]т|увелич\w+|повы[сш]\w+"
    r"|подорож\w+|укреп\w+|упал\w*|пада\w+|сниз\w+|снижа\w+|сократ\w+|уменьш\w+|подешев\w+|ослаб\w+|побед\w+|выигр\w+"
    r"|обыгр\w+|проигр\w+|уступ\w+|разреш\w+|запре[тщ]\w+|введ\w+|ввод\w+|отмен\w+|приостан\w+|возобнов\w+|начал\w+"
    r"|заверш\w+|законч\w+|пусти\w+|прекра\w+|приня\w+|отклон\w+|отверг\w+|подтверд\w+|опроверг\w+|север\w*|южн\w+"
    r"|запад\w*|восточн\w*|opens?|opened|reopen\w*|clos(?:es?|ed|ing)|ris(?:es?|ing)|rose|risen|gain\w*|grew|grows?"
    r"|increas\w+|falls?|fell|fallen|drop\w*|declin\w+|decreas\w+|cut|cuts|raise[sd]?|lower\w*|w(?:in|ins|on)|beats?"
    r"|los(?:es?|t)|allow\w*|bans?|banned|lift\w*|start\w*|begins?|began|ends?|ended|resum\w+|suspend\w+|cancel\w*"
    r"|approv\w+|reject\w+|confirm\w+|den(?:y|ies|ied)|north\w*|south\w*|east\w*|west\w*"
)
_NEGATIONS = r"не|нет|ни|без|no|not|never|none|without|\w+n[’']t"

TELLING = re.compile(f"{_NUMBERS}|{_TIMES}|{_OPPOSITES}|{_NEGATIONS}")
"""Matches a folded word that may not differ between two tellings of one story."""
