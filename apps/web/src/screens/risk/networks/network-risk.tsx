import { useQuery } from '@tanstack/react-query';
import { Button, Descriptions, Flex, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { answer, api } from '../../../api/client';
import { useMay } from '../../../api/me';
import { Moment } from '../../../parts/moment';
import { Proposed } from '../../../parts/proposed';
import { Loaded, Panel } from '../../../parts/screen';
import { useText } from '../../../text/use-text';
import { LEVEL_COLOURS } from './levels';
import { networkRiskTexts } from './text';

const AskReason = lazy(() => import('../../../parts/ask-reason'));
const DismissDialog = lazy(() => import('./dismiss-dialog'));

/** Why a network stands where it stands, and the proposals that lift a step. */
export default function NetworkRisk({ network }: { network: string }) {
  const say = useText(networkRiskTexts);
  const mayLift = useMay()('networks:write');
  const [lifting, setLifting] = useState<{ towards: string | null }>();
  const [dismissing, setDismissing] = useState(false);
  const [proposal, setProposal] = useState<string>();
  const query = useQuery({
    queryKey: ['risk', network],
    queryFn: () => answer(api.GET('/v1/networks/{network}/risk', { params: { path: { network } } })),
  });
  const lift = async (reason: string) => {
    const body = { towards: lifting?.towards ?? null, reason };
    const request = api.POST('/v1/networks/{network}/risk/lift', { params: { path: { network } }, body });
    setProposal((await answer(request)).id);
  };
  return (
    <Panel
      title={network}
      actions={mayLift && <Button onClick={() => setDismissing(true)}>{say('dismiss')}</Button>}
    >
      <Proposed change={proposal} />
      <Loaded query={query}>
        {({ risk, since, explanation, limitedTowards, reporting, rules, ...figures }) => (
          <Flex vertical gap="middle">
            <Flex gap="small" align="center" wrap>
              <Tag color={LEVEL_COLOURS[risk]}>{say(risk)}</Tag>
              <Moment at={since} />
              {mayLift && risk !== 'normal' && (
                <Button onClick={() => setLifting({ towards: null })}>{say('lift')}</Button>
              )}
            </Flex>
            <p>
              {say(`${risk}Effect`)} <span className="quiet">{explanation}</span>
            </p>
            <Descriptions
              size="small"
              column={{ xs: 1, md: 3 }}
              items={(['sentOn', 'people', 'late', 'operators', 'unproven', 'perThousand'] as const).map(
                (key) => ({
                  key,
                  label: say(key),
                  children: figures[key],
                }),
              )}
            />
            {limitedTowards.map(({ network: towards, perThousand, since: begun }) => (
              <Flex key={towards} gap="small" align="center" wrap>
                <Tag color="warning">{say('limitedTo', { network: towards })}</Tag>
                <Moment at={begun} only="relative" />
                <span className="quiet">{say('pairFigure', { figure: perThousand })}</span>
                {mayLift && <Button onClick={() => setLifting({ towards })}>{say('lift')}</Button>}
              </Flex>
            ))}
            <p className="quiet">
              {say('reporting', {
                standing: reporting.standing,
                dismissed: reporting.dismissed,
                perDay: reporting.perDay,
              })}{' '}
              {!reporting.reliable && say('unreliable')}
            </p>
            <p className="quiet">
              {say('rules', {
                warned: rules.warned.up,
                throttled: rules.throttled.up,
                suspended: rules.suspended.up,
                days: rules.windowDays,
              })}
            </p>
          </Flex>
        )}
      </Loaded>
      <Suspense fallback={null}>
        {lifting && (
          <AskReason
            open
            title={say('lift')}
            effect={say('liftEffect')}
            action={say('propose')}
            run={lift}
            close={() => setLifting(undefined)}
          />
        )}
        {dismissing && (
          <DismissDialog network={network} close={() => setDismissing(false)} proposed={setProposal} />
        )}
      </Suspense>
    </Panel>
  );
}
