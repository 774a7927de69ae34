/** The text of a Matrix event: its HTML if it has readable HTML, otherwise its plain text. Pure. */
import { HubError, nativeOf, PHRASES, type SinglePart } from '#protocol';
import { isFormatted, partOf, treeWithLead, writePlain } from '#text';
import { readHtml, type HtmlReading } from '#text/html-reader';
import { addressOfGhostId, localpart } from './user-ids.js';

export interface Words {
  body: string;
  format?: string | undefined;
  formatted_body?: string | undefined;
}

/** @param lead text before the content, such as "/me " */
export function wordsPart({ body, format, formatted_body: html }: Words, lead = ''): SinglePart {
  const tree = format === 'org.matrix.custom.html' && html ? readHtml(html, READING) : undefined;
  const plain = tree && !isFormatted(tree) ? writePlain(tree) : withNames(body);
  return partOf(tree && lead !== '' ? treeWithLead(tree, lead) : tree, lead + plain);
}

const READING: HtmlReading = { spoiler: PHRASES.en.spoiler, nameOf: nameInUserId };

/** The name of a ghost in mentions by id: the first part of the native id of its person. */
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

/** Clients without HTML mention a person by user id. */
function withNames(text: string): string {
  return text.includes('@_hutong_') ? text.replaceAll(GHOST_ID, nameInUserId) : text;
}
