/** Every word of the page itself, in Russian and English, and the locale that dates are drawn in. */

const WORDS = {
  ru: {
    people: "Люди", filter: "Найти человека", offline: "Нет связи с сервером, подключаюсь…", online: "На связи",
    language: "Язык страницы", console: "Пульт", consoleHint: "Часы, сбои и вызовы", person: "Кто держит телефон",
    phoneOf: "Телефон: {name}", chats: "Чаты", noChats: "Чатов пока нет", noPeople: "Здесь пока никого нет",
    back: "К списку чатов", bot: "бот", typing: "печатает", sendingPhoto: "отправляет фото", today: "Сегодня",
    yesterday: "Вчера", edited: "изменено", you: "Вы", photo: "Фотография", album: "Альбом", deleted: "Удалено",
    newMessages: "{n} новых", message: "Сообщение", post: "Публикация", send: "Отправить", attach: "Прикрепить фото",
    removePhoto: "Убрать фото", menu: "Меню", commands: "Команды бота", inlineResults: "Что нашёл бот", start: "НАЧАТЬ", whatCanIt: "Что умеет этот бот?", unblock: "РАЗБЛОКИРОВАТЬ",
    whatCanDo: "Что умеет этот бот?", startHint: "Нажмите «Начать», чтобы бот мог вам писать.",
    readOnly: "Писать могут только администраторы", left: "Вы больше не участник", reply: "Ответить",
    forwardToBot: "Переслать боту", copyText: "Скопировать текст", copied: "Скопировано", cancelReply: "Не отвечать",
    replyTo: "В ответ", messageActions: "Действия с сообщением", chatActions: "Действия с чатом",
    blockBot: "Заблокировать бота", unblockBot: "Разблокировать бота", addToChat: "Добавить бота в «{title}»",
    addBot: "Добавить бота", makeAdmin: "Сделать бота администратором", dropAdmin: "Снять бота с администраторов",
    removeBot: "Удалить бота из чата", upgrade: "Сделать супергруппой", forwarded: "Переслано от",
    openLink: "Открыть", openedLink: "Ссылка", share: "Поделиться", chooseChat: "Куда отправить", cancel: "Отмена",
    choosePerson: "Кого выбрать", chooseOwnChat: "Какой чат выбрать", newChat: "Создать новый", newChatTitle: "Проба",
    ok: "ОК", close: "Закрыть", earlier: "Показать раньше", toBottom: "К последнему сообщению", expand: "Развернуть",
    collapse: "Свернуть", reveal: "Показать скрытое", previous: "Предыдущее", next: "Следующее", general: "Общее",
    all: "Все", allThreads: "Ветки", closedThread: "закрыта", unanswered: "Бот не ответил", photoBig: "Открыть фото",
    newThread: "Новая ветка", newThreadName: "Новости", closeThread: "Закрыть «{title}»", reopenThread: "Открыть «{title}»", deleteThread: "Удалить «{title}»",
    can_post_messages: "Право публиковать", can_edit_messages: "Право изменять", can_delete_messages: "Право удалять",
    can_pin_messages: "Право закреплять", can_manage_topics: "Право управлять ветками",
    clock: "Часы", hour: "+1 час", day: "+1 день", quarter: "+15 минут", resetClock: "Сейчас", faults: "Сбои", addFault: "Добавить",
    dropFault: "Убрать", kind: "Что", method: "Метод", times: "Раз", seconds: "Секунд", calls: "Вызовы",
    perSecond: "{n} в секунду", noFaults: "Сбоев не задано", blocked: "бот заблокирован", table: "Таблица", slideshow: "Слайды", video: "Видео", audio: "Звук",
    refused: "Отказ: {why}", map: "Карта", formula: "Формула", document: "Файл", anyMethod: "любой", unread: "непрочитанных: {n}",
    supergroup_chat_created: "Группа создана", channel_chat_created: "Канал создан", group_chat_created: "Группа создана",
    joined: "{who} теперь в группе", added: "{by} добавляет {who}", gone: "{who} больше не в группе",
    removed: "{by} удаляет {who}", titled: "Новое название: «{title}»", migrated: "Группа стала супергруппой",
    pinned: "{who} закрепляет «{text}»", threadCreated: "Создана ветка «{title}»", threadClosed: "Ветка закрыта",
    threadReopened: "Ветка снова открыта", service: "Служебное сообщение", onlyYou: "Видно только вам", usersShared: "{who}: выбран человек", chatShared: "{who}: выбран чат", location: "Местоположение",
    members: { one: "{n} участник", few: "{n} участника", many: "{n} участников", other: "{n} участника" },
    subscribers: { one: "{n} подписчик", few: "{n} подписчика", many: "{n} подписчиков", other: "{n} подписчика" },
  },
  en: {
    people: "People", filter: "Find a person", offline: "No connection to the server, reconnecting…", online: "Connected",
    language: "Page language", console: "Console", consoleHint: "Clock, faults and calls", person: "Who holds the phone",
    phoneOf: "Phone: {name}", chats: "Chats", noChats: "No chats yet", noPeople: "Nobody is here yet",
    back: "Back to the chats", bot: "bot", typing: "typing", sendingPhoto: "sending a photo", today: "Today",
    yesterday: "Yesterday", edited: "edited", you: "You", photo: "Photo", album: "Album", deleted: "Deleted",
    newMessages: "{n} new", message: "Message", post: "Broadcast", send: "Send", attach: "Attach a photo",
    removePhoto: "Remove the photo", menu: "Menu", commands: "Bot commands", inlineResults: "What the bot found", start: "START", whatCanIt: "What can this bot do?", unblock: "UNBLOCK",
    whatCanDo: "What can this bot do?", startHint: "Press Start so that the bot may write to you.",
    readOnly: "Only administrators can post", left: "You are no longer a member", reply: "Reply",
    forwardToBot: "Forward to the bot", copyText: "Copy text", copied: "Copied", cancelReply: "Don't reply",
    replyTo: "Reply to", messageActions: "Message actions", chatActions: "Chat actions",
    blockBot: "Block the bot", unblockBot: "Unblock the bot", addToChat: "Add the bot to “{title}”",
    addBot: "Add the bot", makeAdmin: "Make the bot an administrator", dropAdmin: "Take the bot's rights away",
    removeBot: "Remove the bot", upgrade: "Upgrade to a supergroup", forwarded: "Forwarded from",
    openLink: "Open", openedLink: "Link", share: "Share", chooseChat: "Send to", cancel: "Cancel",
    choosePerson: "Choose a person", chooseOwnChat: "Choose a chat", newChat: "Create a new one", newChatTitle: "Test",
    ok: "OK", close: "Close", earlier: "Show earlier", toBottom: "To the latest message", expand: "Expand",
    collapse: "Collapse", reveal: "Reveal what is hidden", previous: "Previous", next: "Next", general: "General",
    all: "All", allThreads: "Threads", closedThread: "closed", unanswered: "The bot didn't answer", photoBig: "Open the photo",
    newThread: "New thread", newThreadName: "News", closeThread: "Close “{title}”", reopenThread: "Reopen “{title}”", deleteThread: "Delete “{title}”",
    can_post_messages: "May post", can_edit_messages: "May edit", can_delete_messages: "May delete",
    can_pin_messages: "May pin", can_manage_topics: "May manage threads",
    clock: "Clock", hour: "+1 hour", day: "+1 day", quarter: "+15 minutes", resetClock: "Now", faults: "Faults", addFault: "Add",
    dropFault: "Remove", kind: "Kind", method: "Method", times: "Times", seconds: "Seconds", calls: "Calls",
    perSecond: "{n} a second", noFaults: "No faults set", blocked: "bot is blocked", table: "Table", slideshow: "Slides", video: "Video", audio: "Audio",
    refused: "Refused: {why}", map: "Map", formula: "Formula", document: "File", anyMethod: "any", unread: "unread: {n}",
    supergroup_chat_created: "Group created", channel_chat_created: "Channel created", group_chat_created: "Group created",
    joined: "{who} joined the group", added: "{by} added {who}", gone: "{who} left the group",
    removed: "{by} removed {who}", titled: "The title is now “{title}”", migrated: "The group became a supergroup",
    pinned: "{who} pinned “{text}”", threadCreated: "Thread “{title}” created", threadClosed: "Thread closed",
    threadReopened: "Thread reopened", service: "Service message", onlyYou: "Only you can see this", usersShared: "{who} chose a person", chatShared: "{who} chose a chat", location: "Location",
    members: { one: "{n} member", other: "{n} members" },
    subscribers: { one: "{n} subscriber", other: "{n} subscribers" },
  },
};

const KEY = "sandbox.language";
const listeners = new Set();
let current = localStorage.getItem(KEY) ?? (navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en");

export const LANGUAGES = Object.keys(WORDS);
export const language = () => current;

export function setLanguage(code) {
  current = code;
  localStorage.setItem(KEY, code);
  document.documentElement.lang = code;
  for (const listener of listeners) listener();
}

export const onLanguage = (listener) => listeners.add(listener);

/** The viewer's locale: the browser's own region when it speaks the page's language. */
export function locale() {
  return navigator.languages.find((code) => code.toLowerCase().startsWith(current)) ?? current;
}

export function say(key, values = {}) {
  let words = WORDS[current][key];
  if (typeof words === "object") words = words[new Intl.PluralRules(current).select(values.n)] ?? words.other;
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** What to call a thing that has words only in some cases: the word, or the raw text itself. */
export const sayOr = (key, fallback) => (WORDS[current][key] ? say(key) : fallback);
