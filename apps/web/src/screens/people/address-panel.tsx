import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Descriptions, Flex } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../../api/me';
import { meQuery } from '../../api/session';
import { Moment } from '../../parts/moment';
import { NetworkLink } from '../../parts/network-link';
import { Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import type { PersonAddress } from './queries';
import { peopleTexts } from './text';

const ConsentDialog = lazy(() => import('./consent-dialog'));
const BlockDialog = lazy(() => import('./block-dialog'));
const NewLinkDialog = lazy(() => import('./new-link-dialog'));

type Block = PersonAddress['blocks'][number];
type Asked = { what: 'consent' | 'link' | 'block' } | { what: 'unblock'; block: Block };

function ConsentLine({ consent, open }: { consent: PersonAddress['consent']; open: () => void }) {
  const say = useText(peopleTexts);
  const may = useMay();
  const { reach, contacts, blocked, changedAt } = consent;
  return (
    <Flex gap="small" wrap align="baseline">
      <span>{say(reach)}</span>
      <span className="quiet">
        {say('contactCount', { count: contacts })}, {say('blockedCount', { count: blocked })}
      </span>
      {changedAt && (
        <span className="quiet">
          {say('since')} <Moment at={changedAt} only="absolute" />
        </span>
      )}
      <Button size="small" onClick={open}>
        {say(may('subscribers:write') ? 'changeConsent' : 'showConsent')}
      </Button>
    </Flex>
  );
}

function Blocks({ blocks, unblock }: { blocks: readonly Block[]; unblock: (block: Block) => void }) {
  const say = useText(peopleTexts);
  const may = useMay();
  if (blocks.length === 0) return <span className="quiet">{say('noBlocks')}</span>;
  return (
    <ul className="hits">
      {blocks.map((block) => (
        <li key={block.id}>
          <strong>{block.network ?? say('everyNetwork')}</strong>
          <span className="hostile">{block.reason}</span>
          <Moment at={block.createdAt} only="relative" />
          {may('blocked:write') && (
            <Button size="small" onClick={() => unblock(block)}>
              {say('unblock')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

interface AddressPanelProps {
  address: PersonAddress;
  changed: (proposal: string | undefined) => Promise<void>;
}

export function AddressPanel({ address: { address, network, consent, blocks }, changed }: AddressPanelProps) {
  const say = useText(peopleTexts);
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const shared = { address, changed, close };
  return (
    <Panel
      title={address}
      actions={
        <Flex gap="small" wrap align="baseline">
          <Link to="/find" search={{ address }}>
            {say('messages')}
          </Link>
          {may('links:make') && <Button onClick={() => setAsked({ what: 'link' })}>{say('addLink')}</Button>}
          {may('blocked:write') && (
            <Button danger onClick={() => setAsked({ what: 'block' })}>
              {say('block')}
            </Button>
          )}
        </Flex>
      }
    >
      <Descriptions
        size="small"
        column={1}
        items={[
          {
            key: 'network',
            label: say('network'),
            children: <NetworkLink network={network} />,
          },
          {
            key: 'consent',
            label: say('consent'),
            children: <ConsentLine consent={consent} open={() => setAsked({ what: 'consent' })} />,
          },
          {
            key: 'blocks',
            label: say('blocks'),
            children: <Blocks blocks={blocks} unblock={(block) => setAsked({ what: 'unblock', block })} />,
          },
        ]}
      />
      <Suspense fallback={null}>
        {asked?.what === 'consent' && <ConsentDialog {...shared} mayChange={may('subscribers:write')} />}
        {asked?.what === 'link' && <NewLinkDialog {...shared} />}
        {asked?.what === 'block' && <BlockDialog {...shared} network={me?.network ?? null} />}
        {asked?.what === 'unblock' && (
          <BlockDialog {...shared} network={asked.block.network} lift={asked.block.id} />
        )}
      </Suspense>
    </Panel>
  );
}
