export { FACE_IDS_SOURCE, faceIdOf, faceOf } from './face-ids.js';
export { LETTER_TABLE, letterShortcuts } from './letter-shortcuts.js';
export { MESSENGER_TABLE, messengerFaces } from './messenger-codes.js';
export { MICROBLOG_TABLE, microblogFaces } from './microblog-names.js';
export { Shortcuts, type ShortcutTable } from './shortcuts.js';
