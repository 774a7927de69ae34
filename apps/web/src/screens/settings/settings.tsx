import { lazy, type ComponentType } from 'react';
import type { Permission } from '../../api/contract';
import { ScreenWithParts } from '../../parts/sub-pages';
import { useText } from '../../text/use-text';
import { settingsTexts } from './text';
import './settings.css';

const TABS = ['sessions', 'secondFactor', 'keys', 'people', 'webhooks', 'display'] as const;
type Tab = (typeof TABS)[number];

const PARTS: Record<Tab, { needs: Permission; page: ComponentType }> = {
  sessions: { needs: 'me:read', page: lazy(() => import('./sessions/sessions')) },
  secondFactor: { needs: 'me:write', page: lazy(() => import('./second-factor/second-factor')) },
  keys: { needs: 'keys:read', page: lazy(() => import('./keys/keys')) },
  people: { needs: 'people:read', page: lazy(() => import('./people/people')) },
  webhooks: { needs: 'webhooks:read', page: lazy(() => import('./webhooks/webhooks')) },
  display: { needs: 'me:write', page: lazy(() => import('./display/display')) },
};

export default function Settings() {
  return <ScreenWithParts tabs={TABS} parts={PARTS} say={useText(settingsTexts)} />;
}
