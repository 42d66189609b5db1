/**
 * The sandbox's page: Telegram chats as a phone shows them, for whoever tries the bot by hand and for tests in a browser.
 * Plain modules, no build step. events (api.js) -> store.js -> what is on show asks the store again (app.js, phone.js).
 *
 * Hooks that tests may rely on
 *   address              #user=ID&chat=ID, repeated per phone; without chat: that person's chat list
 *   body[data-ready]     there once the first snapshot is drawn; body.offline while the connection is lost
 *   [data-testid=phone]  data-user, data-chat ("" for the list); in it:
 *     tab (data-user) · chat-list · chat-row (data-user, data-chat) · unread · chat · chat-head · status · back · chat-menu
 *     message            data-message-id (an album's first), data-chat, data-user (the sender), data-direction in|out
 *     service            data-message-id, data-chat
 *     about              what the bot can do, in a private chat that is still empty
 *     in a message:      key (data-callback; aria-busy while waiting) · keyboard · photo · album · edited · preview ·
 *                        reply-quote · spoiler · expandable · live-time · mention · command · rich · slideshow
 *     composer:          input · send · attach · file · menu-button · commands · command-row · reply-bar · start · unblock
 *     over the screen:   toast · alert · alert-ok · menu (reply forward copy block unblock add-bot make-admin drop-admin
 *                        remove-bot upgrade) · chooser · choice · viewer · threads · thread-ID
 *   [data-testid=people] person (data-user), chat-row; wide screens only
 *   [data-testid=console-toggle, console, clock, clock-quarter, clock-hour, clock-day, add-fault, drop-faults, faults, rate]
 *   [data-testid=language-ru, language-en, offline, announcer]
 */

import { start } from "./app.js";

start(document.getElementById("app"));
