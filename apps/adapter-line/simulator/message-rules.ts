/** Validation of message objects by the Messaging API. */
export interface MessageObject {
  type?: string;
  text?: string;
  quoteToken?: string;
  sender?: { name?: string; iconUrl?: string };
  originalContentUrl?: string;
  previewImageUrl?: string;
  packageId?: string;
  stickerId?: string;
}

const MOST_MESSAGES = 5;
const MOST_TEXT = 5000;
const MOST_SENDER_NAME = 20;

/** @returns the error and its property; undefined for a valid object */
export function wrongIn(messages: unknown): { message: string; property: string } | undefined {
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > MOST_MESSAGES)
    return { message: `Size must be between 1 and ${MOST_MESSAGES}`, property: 'messages' };
  for (const [at, one] of (messages as MessageObject[]).entries()) {
    const wrong = wrongInOne(one ?? {});
    if (wrong) return { message: wrong.message, property: `messages[${at}].${wrong.property}` };
  }
  return undefined;
}

function wrongInOne(one: MessageObject): { message: string; property: string } | undefined {
  const { type, text = '', sender, originalContentUrl = '' } = one;
  const name = sender?.name ?? '';
  if (name.length > MOST_SENDER_NAME)
    return { message: `Length must be between 0 and ${MOST_SENDER_NAME}`, property: 'sender.name' };
  if (/line/i.test(name)) return { message: 'Contains a word that is not allowed', property: 'sender.name' };
  switch (type) {
    case 'text':
      if (text.trim() === '') return { message: 'May not be empty', property: 'text' };
      if (text.length > MOST_TEXT)
        return { message: `Length must be between 0 and ${MOST_TEXT}`, property: 'text' };
      return undefined;
    case 'image':
    case 'video':
    case 'audio':
      if (originalContentUrl.startsWith('https://')) return undefined;
      return { message: 'Must be a valid HTTPS URL', property: 'originalContentUrl' };
    case 'sticker':
      return one.packageId && one.stickerId
        ? undefined
        : { message: 'May not be empty', property: 'stickerId' };
    default:
      return {
        message: 'Must be one of the following values: [text, image, video, audio, sticker]',
        property: 'type',
      };
  }
}
