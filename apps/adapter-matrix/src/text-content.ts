/** The words of a Matrix event: its HTML where it has one that can be read, otherwise its plain text. Pure. */
import { HubError, nativeOf, PHRASES, type SinglePart } from '#protocol';
import { isFormatted, partOf, readHtml, treeWithLead, writePlain, type HtmlReading } from '#text';
import { addressOfGhostId, localpart } from './user-ids.js';

export interface Words {
  body: string;
  format?: string | undefined;
  formatted_body?: string | undefined;
}

/** @param lead stands before the words, such as "/me " */
export function wordsPart({ body, format, formatted_body: html }: Words, lead = ''): SinglePart {
  const tree = format === 'org.matrix.custom.html' && html ? readHtml(html, READING) : undefined;
  const plain = tree && !isFormatted(tree) ? writePlain(tree) : withNames(body);
  return partOf(tree && lead !== '' ? treeWithLead(tree, lead) : tree, lead + plain);
}

const READING: HtmlReading = { spoiler: PHRASES.en.spoiler, nameOf: nameInUserId };

/** What a person is called by whoever knows only the id: the first part of the native id that the ghost stands for. */
export function nameInUserId(userId: string): string {
  const server = userId.slice(userId.indexOf(':') + 1);
  try {
    const found = addressOfGhostId(userId, server);
    if ('digest' in found) return '@…';
    const [name = ''] = nativeOf(found.address).replace(/^@/, '').split(/[@:]/);
    return name;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return localpart(userId);
  }
}

const GHOST_ID = /@_hutong_[\w=.~/-]+:[\w.-]*\w(?::\d+)?/g;

/** Clients without HTML write the id of whom they mention. */
function withNames(text: string): string {
  return text.includes('@_hutong_') ? text.replaceAll(GHOST_ID, nameInUserId) : text;
}
