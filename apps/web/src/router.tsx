import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router';
import { Root } from './root';
import { pick, TEXTS_IN_ADDRESS } from './format/search';

const root = createRootRoute({ component: Root });

/** A screen whose code is loaded when it is opened. The named values of the address are its filters. */
function screen<Path extends string, Key extends string>(
  path: Path,
  keys: readonly Key[],
  load: () => Promise<{ default: RouteComponent }>,
) {
  return createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: (search: Record<string, unknown>) => pick(search, keys),
    component: lazyRouteComponent(load),
  });
}

export const routes = {
  overview: screen('/', ['range'], () => import('./screens/overview/overview')),
  topology: screen(
    '/topology',
    ['range', 'view', 'from', 'to', 'filter'],
    () => import('./screens/topology/topology'),
  ),
  find: screen(
    '/find',
    ['q', 'address', 'network', 'code', 'failed', 'since', 'until', 'filter'],
    () => import('./screens/find/find'),
  ),
  networks: screen('/networks', ['network', 'filter'], () => import('./screens/networks/networks')),
  operators: screen('/operators', ['filter'], () => import('./screens/operators/operators')),
  certification: screen(
    '/certification',
    ['network', 'run', 'with', 'filter'],
    () => import('./screens/certification/certification'),
  ),
  people: screen('/people', ['tab', 'q', 'filter'], () => import('./screens/people/people')),
  agreements: screen('/agreements', ['tab', 'filter'], () => import('./screens/agreements/agreements')),
  deadLetters: screen(
    '/dead-letters',
    ['view', 'filter'],
    () => import('./screens/dead-letters/dead-letters'),
  ),
  days: screen('/days', ['date', 'party', 'filter'], () => import('./screens/days/days')),
  adjustments: screen('/adjustments', ['filter'], () => import('./screens/adjustments/adjustments')),
  disputes: screen(
    '/disputes',
    ['dispute', 'reference', 'to', 'filter'],
    () => import('./screens/disputes/disputes'),
  ),
  changes: screen('/changes', ['view', 'filter'], () => import('./screens/changes/changes')),
  risk: screen('/risk', ['tab', 'network', 'filter'], () => import('./screens/risk/risk')),
  audit: screen(
    '/audit',
    ['who', 'action', 'subject', 'since', 'until', 'page'],
    () => import('./screens/audit/audit'),
  ),
  settings: screen('/settings', ['tab', 'webhook', 'filter'], () => import('./screens/settings/settings')),
};

export const router = createRouter({
  routeTree: root.addChildren(Object.values(routes)),
  ...TEXTS_IN_ADDRESS,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
