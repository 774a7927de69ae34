import { Link } from '@tanstack/react-router';
import { Button, Flex, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../../api/me';
import { Moment } from '../../parts/moment';
import { Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import type { PersonLink, PersonNumber } from './queries';
import { peopleTexts } from './text';

const LinkDialog = lazy(() => import('./link-dialog'));

export type LinkAction = 'hide' | 'unhide' | 'removeLink';

const REASONS = {
  ported: 'whyPorted',
  preferred: 'whyPreferred',
  own: 'whyOwn',
  sms: 'whySms',
} as const satisfies Record<NonNullable<PersonNumber['reason']>, keyof typeof peopleTexts>;

function Owner({ number: { reason, network, address, prefix, since } }: { number: PersonNumber }) {
  const say = useText(peopleTexts);
  if (!reason) return <p className="quiet">{say('leadsNowhere')}</p>;
  return (
    <p>
      {say('leadsTo')} <strong className="hostile">{address ?? network}</strong>:{' '}
      {say(REASONS[reason], { prefix: prefix ?? '' })},{' '}
      <span className="quiet">
        {say('since')} <Moment at={since} only="absolute" />
      </span>
    </p>
  );
}

interface LinkLineProps {
  link: PersonLink;
  ask: (action: LinkAction) => void;
}

function LinkLine({ link: { address, preferred, findable, since }, ask }: LinkLineProps) {
  const say = useText(peopleTexts);
  const mayChange = useMay()('subscribers:write');
  return (
    <li>
      <Link to="/people" search={{ q: address }} className="hostile code">
        {address}
      </Link>
      {preferred && <Tag color="success">{say('preferred')}</Tag>}
      <Tag>{say(findable ? 'findable' : 'hidden')}</Tag>
      <span className="quiet grow">
        {say('since')} <Moment at={since} only="absolute" />
      </span>
      {mayChange && (
        <>
          <Button size="small" onClick={() => ask(findable ? 'hide' : 'unhide')}>
            {say(findable ? 'hide' : 'unhide')}
          </Button>
          <Button size="small" danger onClick={() => ask('removeLink')}>
            {say('removeLink')}
          </Button>
        </>
      )}
    </li>
  );
}

interface NumberPanelProps {
  number: PersonNumber;
  /** @param proposal id of the change that another person must approve; undefined: it is done */
  changed: (proposal: string | undefined) => Promise<void>;
}

export function NumberPanel({ number, changed }: NumberPanelProps) {
  const say = useText(peopleTexts);
  const may = useMay();
  const [asked, setAsked] = useState<{ action: LinkAction; address: string }>();
  return (
    <Panel
      title={number.number}
      actions={
        may('audit:read') && (
          <Link to="/audit" search={{ subject: `number/${number.number}` }}>
            {say('history')}
          </Link>
        )
      }
    >
      <Flex vertical gap="small">
        <Owner number={number} />
        {number.links.length > 0 && (
          <ul className="hits" aria-label={say('links')}>
            {number.links.map((link) => (
              <LinkLine
                key={link.address}
                link={link}
                ask={(action) => setAsked({ action, address: link.address })}
              />
            ))}
          </ul>
        )}
      </Flex>
      <Suspense fallback={null}>
        {asked && (
          <LinkDialog {...asked} number={number.number} changed={changed} close={() => setAsked(undefined)} />
        )}
      </Suspense>
    </Panel>
  );
}
