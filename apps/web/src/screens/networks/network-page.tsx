import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Descriptions, Steps, Tag } from 'antd';
import { networksQuery, type Network } from '../../api/lists';
import { useMay } from '../../api/me';
import { EmptyState } from '../../parts/empty-state';
import { Moment } from '../../parts/moment';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { ADMISSION_STEPS, admissionOf, healthOf } from './admission';
import { Credentials, StandInPolicy } from './details';
import { NetworkActions } from './network-actions';
import { networkTexts } from './text';
import { HEALTH_COLOURS, LEVEL_TEXTS, RISK_COLOURS, STATUS_COLOURS, STEP_TEXTS } from './words';

function AdmissionPanel({ network }: { network: Network }) {
  const say = useText(networkTexts);
  const admission = admissionOf(network);
  if (!admission) return null;
  const who = admission.actor && say(admission.actor === 'admin' ? 'byAdmin' : 'byOperator');
  return (
    <Panel title={say('admission')}>
      <Steps
        size="small"
        current={admission.next}
        items={ADMISSION_STEPS.map((step, index) => ({
          title: say(STEP_TEXTS[step]),
          ...(index === admission.next && who && { content: say('actsNext', { who }) }),
        }))}
      />
    </Panel>
  );
}

function StatePanel({ network }: { network: Network }) {
  const say = useText(networkTexts);
  const { adapter, status, risk } = network;
  const health = healthOf(network);
  return (
    <Panel title={say('state')}>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2, xl: 3 }}
        items={[
          {
            key: 'status',
            label: say('status'),
            children: <Tag color={STATUS_COLOURS[status]}>{say(status)}</Tag>,
          },
          {
            key: 'health',
            label: say('health'),
            children: <Tag color={HEALTH_COLOURS[health]}>{say(health)}</Tag>,
          },
          { key: 'risk', label: say('risk'), children: <Tag color={RISK_COLOURS[risk]}>{say(risk)}</Tag> },
          {
            key: 'adapter',
            label: say('adapter'),
            children: (
              <span className="hostile">
                {say(adapter.state)} {adapter.build}
              </span>
            ),
          },
          { key: 'heard', label: say('heard'), children: <Moment at={adapter.lastHeard} /> },
          { key: 'operator', label: say('operator'), children: network.operator ?? '–' },
        ]}
      />
    </Panel>
  );
}

function CapabilitiesPanel({ network }: { network: Network }) {
  const say = useText(networkTexts);
  const features = Object.entries(network.capabilities?.features ?? {});
  return (
    <Panel title={say('capabilities')}>
      {features.length === 0 ? (
        <p className="quiet">{say('noCapabilities')}</p>
      ) : (
        <ul className="capabilities">
          {features.map(([feature, level]) => (
            <li key={feature}>
              <code>{feature}</code>
              <Tag color={level > 0 ? 'success' : level === 0 ? 'default' : 'warning'}>
                {say(LEVEL_TEXTS[String(level)] ?? 'level0')}
              </Tag>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Details({ network }: { network: Network }) {
  const say = useText(networkTexts);
  const may = useMay();
  return (
    <Screen
      title={network.network}
      lead={network.name}
      actions={
        <>
          <Link to="/networks">{say('back')}</Link>
          {may('networks:write') && <NetworkActions network={network} />}
        </>
      }
    >
      <AdmissionPanel network={network} />
      <StatePanel network={network} />
      <CapabilitiesPanel network={network} />
      <StandInPolicy slug={network.network} />
      {may('credentials:read') && <Credentials slug={network.network} />}
    </Screen>
  );
}

export default function NetworkPage({ slug }: { slug: string }) {
  const say = useText(networkTexts);
  const query = useQuery(networksQuery);
  return (
    <Loaded query={query}>
      {({ rows }) => {
        const network = rows.find((row) => row.network === slug);
        if (network) return <Details network={network} />;
        return (
          <EmptyState
            title={say('notFound')}
            teach={say('notFoundTeach')}
            action={<Link to="/networks">{say('back')}</Link>}
          />
        );
      }}
    </Loaded>
  );
}
