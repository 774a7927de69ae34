/** What a destination gets instead of what it cannot show: the `rule` of a degradation, and a line of the trace. */
export const DEGRADATION_RULES = {
  replyInWords: 'said in words that it is one',
  mapLink: 'a link to a map',
  unreadablePlace: 'it could not be read',
  cardInWords: 'name and number as words',
  plainText: 'plain text',
  placeholder: 'words in its place',
  link: 'a link to it',
  asFile: 'as a file',
  unconvertedFile: 'as a file, since it could not be converted',
  smaller: 'made smaller',
  changeInWords: 'sent as words',
  noNativeId: 'the network gave no id to change it by, sent as words',
  tooOld: 'too old to change, sent as words',
  sentAgain: 'media cannot be exchanged, sent again',
} as const;

/** A file in another format. @param type media type of what was sent */
export function convertedTo(type: string): string {
  return `turned into ${type}`;
}
