import { lazy, type ComponentType } from 'react';
import type { Permission } from '../../api/contract';
import { ScreenWithParts } from '../../parts/sub-pages';
import { useText } from '../../text/use-text';
import { riskTexts } from './text';

const TABS = ['networks', 'limits', 'complaints', 'blocked'] as const;
type Tab = (typeof TABS)[number];

const PARTS: Record<Tab, { needs: Permission; page: ComponentType }> = {
  networks: { needs: 'networks:read', page: lazy(() => import('./networks/networks')) },
  limits: { needs: 'networks:read', page: lazy(() => import('./limits')) },
  complaints: { needs: 'abuse:read', page: lazy(() => import('./complaints/complaints')) },
  blocked: { needs: 'blocked:read', page: lazy(() => import('./blocked/blocked')) },
};

export default function Risk() {
  return <ScreenWithParts tabs={TABS} parts={PARTS} say={useText(riskTexts)} />;
}
