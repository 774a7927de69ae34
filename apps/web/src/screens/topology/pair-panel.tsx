import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Drawer, Flex, Tag } from 'antd';
import type { ReactNode } from 'react';
import type { Range } from '../../api/overview';
import { pairQuery, type Pair, type TopologyPair } from '../../api/topology';
import { yuan } from '../../format/money';
import { ResultCode } from '../../parts/codes/result-code';
import { useMoments } from '../../parts/moment';
import { Loaded } from '../../parts/screen';
import { useFormats, useText, type Say } from '../../text/use-text';
import { Arrivals } from './arrivals';
import { topologyTexts } from './text';
import { useClassWord } from '../../parts/terms/traffic';

type SayHere = Say<typeof topologyTexts>;

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="pair-part" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function named(slug: string, say: SayHere): string {
  return slug === '*' ? say('anyNetwork') : slug;
}

function Traffic({ pair }: { pair: TopologyPair }) {
  const say = useText(topologyTexts);
  const { formatNumber } = useFormats();
  const { from, to, messages, failed, failedByCode } = pair;
  return (
    <Part title={say('traffic')}>
      <p>{say('pairCounts', { from, to, messages, failed })}</p>
      {failedByCode.length === 0 && <p className="quiet">{say('noFailures')}</p>}
      <ul className="hits">
        {failedByCode.map(({ code, messages: count }) => (
          <li key={code}>
            <ResultCode code={code} /> <strong>{formatNumber(count)}</strong>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Agreement({ pair: { agreement, refusal } }: { pair: TopologyPair }) {
  const say = useText(topologyTexts);
  const classWord = useClassWord();
  const { day } = useMoments();
  return (
    <Part title={say('agreement')}>
      {refusal !== null && (
        <Alert type="warning" showIcon title={<span className="hostile">{refusal}</span>} />
      )}
      {agreement && (
        <Flex gap="small" wrap align="baseline">
          <span>
            {say('agreementIs', {
              from: named(agreement.from, say),
              to: named(agreement.to, say),
              since: day(agreement.validFrom),
            })}
          </span>
          {agreement.classes.map((name) => (
            <Tag key={name}>{classWord(name)}</Tag>
          ))}
        </Flex>
      )}
    </Part>
  );
}

function Tariffs({ pair: { tariffs } }: { pair: TopologyPair }) {
  const say = useText(topologyTexts);
  const classWord = useClassWord();
  return (
    <Part title={say('tariffs')}>
      {tariffs.length === 0 ? (
        <p className="quiet">{say('free')}</p>
      ) : (
        <table className="pair-table">
          <thead>
            <tr>
              <th scope="col">{say('class')}</th>
              <th scope="col">{say('termination')}</th>
              <th scope="col">{say('switchFee')}</th>
              <th scope="col">{say('unit')}</th>
            </tr>
          </thead>
          <tbody>
            {tariffs.map((tariff) => (
              <tr key={tariff.id}>
                <th scope="row">{classWord(tariff.class)}</th>
                <td>{yuan(tariff.terminationFee)}</td>
                <td>{yuan(tariff.switchFee)}</td>
                <td>{tariff.unit}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Part>
  );
}

interface PairPanelProps {
  pair: Pair;
  range: Range;
  choose: (pair: Pair) => void;
  close: () => void;
}

/** All about one direction between two networks. */
export default function PairPanel({ pair, range, choose, close }: PairPanelProps) {
  const say = useText(topologyTexts);
  const query = useQuery(pairQuery(pair, range));
  const { from, to } = pair;
  return (
    <Drawer
      open
      onClose={close}
      size="min(560px, 100vw)"
      title={<span className="hostile">{say('pair', { from, to })}</span>}
      extra={<Button onClick={() => choose({ from: to, to: from })}>{say('swap')}</Button>}
    >
      <Loaded query={query}>
        {(found) => (
          <>
            <Traffic pair={found} />
            <Agreement pair={found} />
            <Tariffs pair={found} />
            <Part title={say('arrivals')}>
              {found.arrivals.length === 0 ? (
                <p className="quiet">{say('noArrivals')}</p>
              ) : (
                <Arrivals arrivals={found.arrivals} />
              )}
            </Part>
            <Flex gap="middle" wrap>
              {[from, to].map((network) => (
                <Link key={network} to="/networks" search={{ network }}>
                  {say('network')}: {network}
                </Link>
              ))}
            </Flex>
          </>
        )}
      </Loaded>
    </Drawer>
  );
}
