import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Descriptions, Steps, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { networksQuery, type Network } from '../../api/lists';
import { useMay } from '../../api/me';
import { EmptyState } from '../../parts/empty-state';
import { Moment } from '../../parts/moment';
import { Proposed } from '../../parts/proposed';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { ADMISSION_STEPS, admissionOf, healthOf } from './admission';
import { CapabilitiesPanel } from './capabilities';
import { Credentials } from './credentials';
import { Departure } from './departure';
import { NetworkActions } from './network-actions';
import { StandInPolicy } from './stand-in';
import { networkTexts } from './text';
import { HEALTH_COLOURS, HOW_TEXTS, RISK_COLOURS, STATUS_COLOURS, STEP_TEXTS } from './words';

const EditDialog = lazy(() => import('./edit-dialog'));
const PairDialog = lazy(() => import('./pair-dialog'));

function AdmissionPanel({ network }: { network: Network }) {
  const say = useText(networkTexts);
  const admission = admissionOf(network);
  if (!admission) return null;
  const who = admission.actor && say(admission.actor === 'admin' ? 'byAdmin' : 'byOperator');
  const step = ADMISSION_STEPS[admission.next];
  const spared = network.test && network.adapter.state !== 'certified';
  return (
    <Panel title={say('admission')}>
      <Steps
        size="small"
        current={admission.next}
        items={ADMISSION_STEPS.map((step, index) => ({
          title: say(step === 'certified' && spared ? 'stepSpared' : STEP_TEXTS[step]),
          ...(index === admission.next && who && { content: say('actsNext', { who }) }),
        }))}
      />
      {step && (
        <p>
          {say(HOW_TEXTS[step])}{' '}
          {step === 'certified' && (
            <Link to="/certification" search={{ network: network.network }}>
              {say('toCertification')}
            </Link>
          )}
        </p>
      )}
    </Panel>
  );
}

function StatePanel({ network }: { network: Network }) {
  const say = useText(networkTexts);
  const may = useMay();
  const [editing, setEditing] = useState(false);
  const { adapter, status, risk, test } = network;
  const health = healthOf(network);
  return (
    <Panel
      title={say('state')}
      actions={may('networks:write') && <Button onClick={() => setEditing(true)}>{say('edit')}</Button>}
    >
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2, xl: 3 }}
        items={[
          {
            key: 'status',
            label: say('status'),
            children: (
              <>
                <Tag color={STATUS_COLOURS[status]}>{say(status)}</Tag> {test && <Tag>{say('test')}</Tag>}
              </>
            ),
          },
          {
            key: 'health',
            label: say('health'),
            children: <Tag color={HEALTH_COLOURS[health]}>{say(health)}</Tag>,
          },
          { key: 'risk', label: say('risk'), children: <Tag color={RISK_COLOURS[risk]}>{say(risk)}</Tag> },
          {
            key: 'ourSide',
            label: say('ourSide'),
            children: (
              <>
                <Tag color={adapter.signedOn ? 'success' : 'error'}>
                  {say(adapter.signedOn ? 'signedOn' : 'noAdapter')}
                </Tag>{' '}
                {adapter.instance && <code className="hostile">{adapter.instance}</code>}
              </>
            ),
          },
          {
            key: 'theirSide',
            label: say('theirSide'),
            children: adapter.signedOn ? (
              <Tag color={adapter.nativeConnected ? 'success' : 'error'}>
                {say(adapter.nativeConnected ? 'connected' : 'noNetwork')}
              </Tag>
            ) : (
              <span className="quiet">{say('unknownSide')}</span>
            ),
          },
          {
            key: 'adapter',
            label: say('adapter'),
            children: (
              <span className="hostile">
                <Link to="/certification" search={{ network: network.network }}>
                  {say(adapter.state)}
                </Link>{' '}
                {adapter.build}
              </span>
            ),
          },
          { key: 'heard', label: say('heard'), children: <Moment at={adapter.lastHeard} /> },
          {
            key: 'operator',
            label: say('operator'),
            children: network.operator ? (
              <Link to="/operators" search={{ filter: network.operator }}>
                {network.operator}
              </Link>
            ) : (
              '–'
            ),
          },
        ]}
      />
      <Suspense fallback={null}>
        {editing && <EditDialog network={network} close={() => setEditing(false)} />}
      </Suspense>
    </Panel>
  );
}

/** On networks that grant a contact for each person who scans a QR code. */
function PairingPanel({ slug }: { slug: string }) {
  const say = useText(networkTexts);
  const [pairing, setPairing] = useState(false);
  return (
    <Panel
      title={say('pairing')}
      actions={<Button onClick={() => setPairing(true)}>{say('pairPerson')}</Button>}
    >
      <p>{say('pairTeach')}</p>
      <Suspense fallback={null}>
        {pairing && <PairDialog network={slug} close={() => setPairing(false)} />}
      </Suspense>
    </Panel>
  );
}

function Details({ network }: { network: Network }) {
  const say = useText(networkTexts);
  const may = useMay();
  const [proposal, setProposal] = useState<string>();
  return (
    <Screen
      title={network.network}
      lead={network.name}
      actions={
        <>
          <Link to="/networks">{say('back')}</Link>
          {may('networks:write') && <NetworkActions network={network} proposed={setProposal} />}
        </>
      }
    >
      <Proposed change={proposal} />
      <AdmissionPanel network={network} />
      <StatePanel network={network} />
      <CapabilitiesPanel network={network} />
      {network.capabilities?.pairing && may('pairings:write') && <PairingPanel slug={network.network} />}
      <StandInPolicy slug={network.network} />
      {may('credentials:read') && <Credentials slug={network.network} />}
      <Departure network={network} />
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
