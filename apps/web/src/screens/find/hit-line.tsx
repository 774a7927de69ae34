import { Link } from '@tanstack/react-router';
import { Tag } from 'antd';
import type { Hit, HitKind } from '../../api/find';
import type { Permission } from '../../api/contract';
import { useMay } from '../../api/me';
import { Moment } from '../../parts/moment';
import { useText } from '../../text/use-text';
import { hitTexts } from './hit/text';

/** Number of a statement, such as HT20261122-fetion. */
function statementOf(number: string): { date: string; party: string } {
  const [year, month, day] = [number.slice(2, 6), number.slice(6, 8), number.slice(8, 10)];
  return { date: `${year}-${month}-${day}`, party: number.slice(11) };
}

/** The page of a hit. */
function pageOf({ kind, id }: Hit): { to: string; search: Record<string, string> } {
  switch (kind) {
    case 'message':
      return { to: '/find', search: { q: id } };
    case 'network':
      return { to: '/networks', search: { network: id } };
    case 'operator':
      return { to: '/operators', search: { filter: id } };
    case 'agreement':
      return { to: '/agreements', search: { filter: id } };
    case 'dead-letter':
      return { to: '/dead-letters', search: { filter: id } };
    case 'business-day':
      return { to: '/days', search: { date: id } };
    case 'statement':
      return { to: '/days', search: statementOf(id) };
    case 'dispute':
      return { to: '/disputes', search: { dispute: id } };
    case 'change':
      return { to: '/changes', search: { filter: id } };
    case 'address':
      return { to: '/find', search: { address: id } };
    case 'number':
      return { to: '/people', search: { q: id } };
    case 'person':
      return { to: '/settings', search: { tab: 'people', filter: id } };
  }
}

const NAMES: Record<HitKind, keyof typeof hitTexts> = {
  message: 'message',
  address: 'address',
  number: 'number',
  network: 'network',
  operator: 'operator',
  'business-day': 'businessDay',
  statement: 'statement',
  'dead-letter': 'deadLetter',
  change: 'change',
  dispute: 'dispute',
  agreement: 'agreement',
  person: 'person',
};

/** Permissions of pages that not everybody who finds such a thing may open. */
const NEEDS: Partial<Record<HitKind, Permission>> = { person: 'people:read', dispute: 'disputes:read' };

export function HitLine({ hit }: { hit: Hit }) {
  const say = useText(hitTexts);
  const may = useMay();
  const page = pageOf(hit);
  const needs = NEEDS[hit.kind];
  const isOpen = needs === undefined || may(needs);
  return (
    <li>
      <Tag>{say(NAMES[hit.kind])}</Tag>
      {isOpen ? (
        <Link {...page} className="hostile code">
          {hit.id}
        </Link>
      ) : (
        <span className="hostile code">{hit.id}</span>
      )}
      {hit.words && <span className="hostile">{hit.words}</span>}
      {hit.at && <Moment at={hit.at} only="relative" />}
    </li>
  );
}
