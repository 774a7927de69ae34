import { Button, Flex } from 'antd';
import type { Agreement, Route, Tariff } from '../../api/lists';
import type { Column } from '../../parts/data-table';
import type { Say } from '../../text/use-text';
import type { Open } from './dialogs';
import type { agreementTexts } from './text';

type SayHere = Say<typeof agreementTexts>;

interface RowAction {
  label: string;
  /** For screen readers: which row the button belongs to. */
  of: string;
  open: () => void;
  danger?: boolean;
}

function actionColumn<Row>(title: string, actionsOf: (row: Row) => RowAction[]): Column<Row> {
  return {
    key: 'actions',
    title,
    value: () => '',
    buttons: true,
    show: (row) => (
      <Flex gap={4}>
        {actionsOf(row).map(({ label, of, open, danger = false }) => (
          <Button key={label} size="small" danger={danger} aria-label={`${label}: ${of}`} onClick={open}>
            {label}
          </Button>
        ))}
      </Flex>
    ),
  };
}

export function agreementActions(say: SayHere, open: Open, mayPropose: boolean): Column<Agreement> {
  return actionColumn(say('actions'), (agreement) => {
    const { id, from, to, version, validTo } = agreement;
    const of = `${from} → ${to}`;
    const isOver = validTo !== null && Date.parse(validTo) <= Date.now();
    const history: RowAction = {
      label: say('history'),
      of,
      open: () => open({ dialog: 'history', one: { of: 'agreement', id, title: of } }),
    };
    if (!mayPropose || isOver) return [history];
    return [
      history,
      { label: say('change'), of, open: () => open({ dialog: 'agreement', agreement }) },
      {
        label: say('end'),
        of,
        danger: true,
        open: () =>
          open({
            dialog: 'removal',
            title: `${say('endAgreement')}: ${of}`,
            proposal: { kind: 'agreement.end', id, version },
          }),
      },
    ];
  });
}

export function tariffActions(
  say: SayHere,
  classWord: (name: string) => string,
  open: Open,
  mayPropose: boolean,
): Column<Tariff> {
  return actionColumn(say('actions'), ({ from, to, class: kind }) => {
    const of = `${from} → ${to} ${classWord(kind)}`;
    const one = { of: 'tariff' as const, from, to, class: kind, title: of };
    return [
      { label: say('history'), of, open: () => open({ dialog: 'history', one }) },
      ...(mayPropose
        ? [{ label: say('change'), of, open: () => open({ dialog: 'tariff', pair: { from, to } }) }]
        : []),
    ];
  });
}

export function routeActions(say: SayHere, open: Open, mayPropose: boolean): Column<Route> {
  return actionColumn(say('actions'), (route) => {
    const { kind, key, network } = route;
    const of = `${say(kind)} ${key}`;
    const history = { of: 'route' as const, kind, key, title: of };
    const removal = { kind: 'route.remove' as const, terms: { kind, key, network } };
    const actions: RowAction[] = [
      { label: say('history'), of, open: () => open({ dialog: 'history', one: history }) },
    ];
    if (!mayPropose) return actions;
    return [
      ...actions,
      { label: say('change'), of, open: () => open({ dialog: 'route', route }) },
      {
        label: say('remove'),
        of,
        danger: true,
        open: () => open({ dialog: 'removal', title: `${say('removeRoute')}: ${of}`, proposal: removal }),
      },
    ];
  });
}
