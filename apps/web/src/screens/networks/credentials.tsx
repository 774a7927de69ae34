import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { allRows, answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { pageOf } from '../../api/lists';
import { useMay } from '../../api/me';
import { Moment, useNow } from '../../parts/moment';
import { Loaded, Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { credentialState, type CredentialState } from './credential-state';
import { networkTexts } from './text';

const AskReason = lazy(() => import('../../parts/ask-reason'));
const IssueDialog = lazy(() => import('./issue-dialog'));

type Credential = Schemas['BusCredential'];

const PATH = '/v1/networks/{network}/credentials';
const ONE = '/v1/networks/{network}/credentials/{publicKey}';

const COLOURS = {
  valid: 'success',
  expiring: 'warning',
  expired: 'default',
  revoked: 'error',
} as const satisfies Record<CredentialState, string>;

const WORDS = {
  valid: 'credentialValid',
  expiring: 'credentialExpiring',
  expired: 'credentialExpired',
  revoked: 'credentialRevoked',
} as const satisfies Record<CredentialState, keyof typeof networkTexts>;

function CredentialLine({ one, revoke }: { one: Credential; revoke: () => void }) {
  const say = useText(networkTexts);
  const may = useMay();
  const state = credentialState(one, useNow());
  const usable = state === 'valid' || state === 'expiring';
  return (
    <li>
      <Tag color={COLOURS[state]}>{say(WORDS[state])}</Tag>
      <code>{one.publicKey}</code>
      <span>
        {state === 'revoked' ? (
          <>
            <Moment at={one.revokedAt} only="relative" />: <span className="hostile">{one.revokedFor}</span>
          </>
        ) : (
          <>
            {say('expires')} <Moment at={one.expiresAt} only="relative" />
          </>
        )}
      </span>
      <span className="quiet hostile">
        {say('issued', { by: one.issuedBy })} <Moment at={one.issuedAt} only="relative" />
      </span>
      <span className="quiet grow">
        {say('used')} <Moment at={one.lastUsedAt} only="relative" /> {one.lastAddress}
      </span>
      {usable && may('credentials:revoke') && (
        <Button size="small" danger onClick={revoke}>
          {say('revokeCredential')}
        </Button>
      )}
    </li>
  );
}

/** What the adapter of the network connects to the bus with. A secret is shown once, to the operator who has it issued. */
export function Credentials({ slug }: { slug: string }) {
  const say = useText(networkTexts);
  const may = useMay();
  const queries = useQueryClient();
  const [issuing, setIssuing] = useState(false);
  const [revoked, setRevoked] = useState<string>();
  const queryKey = ['credentials', slug];
  const query = useQuery({
    queryKey,
    queryFn: () =>
      allRows<Credential>((cursor) =>
        answer(api.GET(PATH, { params: { path: { network: slug }, query: pageOf(cursor) } })),
      ),
  });
  const renew = () => queries.invalidateQueries({ queryKey });
  const revoke = async (reason: string) => {
    if (revoked === undefined) return;
    const params = { path: { network: slug, publicKey: revoked } };
    await answer(api.DELETE(ONE, { params, body: { reason } }));
    await renew();
  };
  return (
    <Panel
      title={say('credentials')}
      actions={
        may('credentials:issue') && <Button onClick={() => setIssuing(true)}>{say('issueCredential')}</Button>
      }
    >
      <Loaded query={query}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="quiet">{say('noCredentials')}</p>
          ) : (
            <ul className="hits">
              {rows.map((one) => (
                <CredentialLine key={one.publicKey} one={one} revoke={() => setRevoked(one.publicKey)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Suspense fallback={null}>
        {issuing && <IssueDialog network={slug} issued={renew} close={() => setIssuing(false)} />}
        {revoked !== undefined && (
          <AskReason
            open
            title={say('revokeCredential')}
            effect={say('revokeCredentialEffect')}
            action={say('revokeCredential')}
            dangerous
            run={revoke}
            close={() => setRevoked(undefined)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
