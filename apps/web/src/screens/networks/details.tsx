import { useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { answer, api } from '../../api/client';
import { Moment } from '../../parts/moment';
import { Loaded, Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

export function StandInPolicy({ slug }: { slug: string }) {
  const say = useText(networkTexts);
  const query = useQuery({
    queryKey: ['stand-in', slug],
    queryFn: () =>
      answer(api.GET('/v1/networks/{network}/stand-in', { params: { path: { network: slug } } })),
  });
  return (
    <Panel title={say('standIn')}>
      <Loaded query={query}>
        {({ hours, messages, classes }) => (
          <span>
            {say('standInIs', { hours, messages })}{' '}
            {classes?.map((name) => (
              <Tag key={name}>{name}</Tag>
            ))}
          </span>
        )}
      </Loaded>
    </Panel>
  );
}

export function Credentials({ slug }: { slug: string }) {
  const say = useText(networkTexts);
  const query = useQuery({
    queryKey: ['credentials', slug],
    queryFn: () =>
      answer(
        api.GET('/v1/networks/{network}/credentials', {
          params: { path: { network: slug }, query: { limit: 20 } },
        }),
      ),
  });
  return (
    <Panel title={say('credentials')}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{say('noCredentials')}</p>
          ) : (
            <ul className="hits">
              {items.map((one) => (
                <li key={one.publicKey}>
                  <code>{one.publicKey}</code>
                  {one.revokedAt ? (
                    <Tag color="error">
                      {say('revokedAt')} <Moment at={one.revokedAt} only="relative" />
                    </Tag>
                  ) : (
                    <span>
                      {say('expires')} <Moment at={one.expiresAt} only="relative" />
                    </span>
                  )}
                  <span className="quiet">
                    {say('used')} <Moment at={one.lastUsedAt} only="relative" /> {one.lastAddress}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
