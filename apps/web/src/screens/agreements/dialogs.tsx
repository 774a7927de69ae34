/** What can be opened from the lists of agreements, tariffs and routes. Each dialog is loaded when it is opened. */
import { lazy, Suspense } from 'react';
import type { HistoryOf, Proposal } from '../../api/exchange';
import type { Agreement, Route } from '../../api/lists';
import type { PairOf } from './propose/pair-fees';

const AgreementForm = lazy(() => import('./propose/agreement-form'));
const TariffForm = lazy(() => import('./propose/tariff-form'));
const RouteForm = lazy(() => import('./propose/route-form'));
const PhaseForm = lazy(() => import('./propose/phase-form'));
const Removal = lazy(() => import('./propose/removal'));
const History = lazy(() => import('./history/history'));

export type Opened =
  | { dialog: 'agreement'; agreement?: Agreement }
  | { dialog: 'tariff'; pair: Partial<PairOf> }
  | { dialog: 'route'; route?: Route }
  | { dialog: 'phase' }
  | { dialog: 'removal'; title: string; proposal: Proposal }
  | { dialog: 'history'; one: HistoryOf };

/** Opens a dialog over the list. */
export type Open = (opened: Opened) => void;

function Dialog({ opened, close }: { opened: Opened; close: () => void }) {
  switch (opened.dialog) {
    case 'agreement':
      return <AgreementForm {...(opened.agreement && { agreement: opened.agreement })} close={close} />;
    case 'tariff':
      return <TariffForm pair={opened.pair} close={close} />;
    case 'route':
      return <RouteForm {...(opened.route && { route: opened.route })} close={close} />;
    case 'phase':
      return <PhaseForm close={close} />;
    case 'removal':
      return <Removal title={opened.title} proposal={opened.proposal} close={close} />;
    case 'history':
      return <History one={opened.one} close={close} />;
  }
}

export function Dialogs({ opened, close }: { opened: Opened | undefined; close: () => void }) {
  return <Suspense fallback={null}>{opened && <Dialog opened={opened} close={close} />}</Suspense>;
}
