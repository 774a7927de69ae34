import type { Permission } from '../api/contract';
import type { IconName } from '../parts/icon';
import type { frameTexts } from './text';

export interface MenuEntry {
  path: string;
  text: keyof typeof frameTexts;
  icon: IconName;
  /** Shown to those who have this permission. */
  needs: Permission;
  group: 'groupTraffic' | 'groupMembers' | 'groupMoney' | 'groupControl';
}

/** Finished screens. */
export const MENU: readonly MenuEntry[] = [
  { path: '/', text: 'overview', icon: 'overview', needs: 'trace:read', group: 'groupTraffic' },
  { path: '/topology', text: 'topology', icon: 'topology', needs: 'trace:read', group: 'groupTraffic' },
  { path: '/find', text: 'findScreen', icon: 'find', needs: 'trace:read', group: 'groupTraffic' },
  {
    path: '/dead-letters',
    text: 'deadLetters',
    icon: 'deadLetters',
    needs: 'dead-letters:read',
    group: 'groupTraffic',
  },
  { path: '/networks', text: 'networks', icon: 'networks', needs: 'networks:read', group: 'groupMembers' },
  { path: '/operators', text: 'operators', icon: 'people', needs: 'networks:read', group: 'groupMembers' },
  {
    path: '/certification',
    text: 'certification',
    icon: 'certification',
    needs: 'certifications:read',
    group: 'groupMembers',
  },
  { path: '/people', text: 'people', icon: 'numbers', needs: 'subscribers:read', group: 'groupMembers' },
  {
    path: '/agreements',
    text: 'agreements',
    icon: 'agreements',
    needs: 'agreements:read',
    group: 'groupMembers',
  },
  { path: '/days', text: 'days', icon: 'days', needs: 'clearing:read', group: 'groupMoney' },
  {
    path: '/adjustments',
    text: 'adjustments',
    icon: 'adjustments',
    needs: 'adjustments:read',
    group: 'groupMoney',
  },
  { path: '/disputes', text: 'disputes', icon: 'disputes', needs: 'disputes:read', group: 'groupMoney' },
  { path: '/changes', text: 'changes', icon: 'changes', needs: 'changes:read', group: 'groupControl' },
  { path: '/risk', text: 'risk', icon: 'risk', needs: 'networks:read', group: 'groupControl' },
  { path: '/audit', text: 'audit', icon: 'audit', needs: 'audit:read', group: 'groupControl' },
  { path: '/settings', text: 'settings', icon: 'settings', needs: 'me:read', group: 'groupControl' },
];

export function menuFor(permissions: readonly Permission[]): MenuEntry[] {
  return MENU.filter(({ needs }) => permissions.includes(needs));
}

export interface PaletteChoice {
  kind: 'go' | 'find';
  /** Path, or text to find. */
  target: string;
  label: string;
}

/** Choices of the palette: pages whose name contains the text, and a search for the text. */
export function paletteChoices(
  text: string,
  pages: readonly { path: string; label: string }[],
  canFind: boolean,
): PaletteChoice[] {
  const wanted = text.trim().toLowerCase();
  const go = pages
    .filter(({ label, path }) => !wanted || label.toLowerCase().includes(wanted) || path.includes(wanted))
    .map(({ path, label }): PaletteChoice => ({ kind: 'go', target: path, label }));
  if (!wanted || !canFind) return go;
  const find: PaletteChoice = { kind: 'find', target: text.trim(), label: text.trim() };
  return go.length > 0 && wanted.length < 5 ? [...go, find] : [find, ...go];
}
