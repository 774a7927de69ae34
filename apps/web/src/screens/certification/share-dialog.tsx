import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, InputNumber, Modal, Tag } from 'antd';
import { useId, useState } from 'react';
import { answer, api } from '../../api/client';
import { pageOf } from '../../api/lists';
import { CopyButton } from '../../parts/copy-button';
import { Moment } from '../../parts/moment';
import { ProblemAlert } from '../../parts/problem-alert';
import { Loaded } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { certificationTexts } from './text';

interface ShareDialogProps {
  network: string;
  run: string;
  close: () => void;
}

const PATH = '/v1/networks/{network}/certifications/{id}/links';
const ONE = '/v1/networks/{network}/certifications/{id}/links/{link}';
const USUAL_DAYS = 30;
const MOST_DAYS = 90;

export default function ShareDialog({ network, run, close }: ShareDialogProps) {
  const say = useText(certificationTexts);
  const queries = useQueryClient();
  const daysField = useId();
  const [days, setDays] = useState(USUAL_DAYS);
  const path = { network, id: run };
  const queryKey = ['report-links', run];
  const links = useQuery({
    queryKey,
    queryFn: () => answer(api.GET(PATH, { params: { path, query: pageOf(undefined) } })),
  });
  const renew = () => queries.invalidateQueries({ queryKey });
  const make = useMutation({
    mutationFn: () => answer(api.POST(PATH, { params: { path }, body: { days } })),
    onSuccess: renew,
  });
  const revoke = useMutation({
    mutationFn: (link: string) => answer(api.DELETE(ONE, { params: { path: { ...path, link } } })),
    onSuccess: renew,
  });
  const made = make.data && new URL(make.data.path, location.origin).href;
  const error = make.error ?? revoke.error;
  return (
    <Modal
      open
      title={say('share')}
      onCancel={close}
      footer={<Button onClick={close}>{say('close')}</Button>}
    >
      <p>{say('shareEffect')}</p>
      <p>
        <label htmlFor={daysField}>{say('days')}</label>{' '}
        <InputNumber
          id={daysField}
          min={1}
          max={MOST_DAYS}
          precision={0}
          value={days}
          title={say('daysRange')}
          onChange={(value) => setDays(value ?? USUAL_DAYS)}
        />{' '}
        <Button type="primary" loading={make.isPending} onClick={() => make.mutate()}>
          {say('makeLink')}
        </Button>
      </p>
      {made && (
        <Alert
          type="success"
          role="status"
          title={say('linkOnce')}
          description={<code className="hostile">{made}</code>}
          action={<CopyButton text={made} />}
        />
      )}
      {error && <ProblemAlert error={error} />}
      <h3>{say('links')}</h3>
      <Loaded query={links}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{say('noLinks')}</p>
          ) : (
            <ul className="hits">
              {items.map(({ id, by, at, expiresAt, revokedAt, opened }) => (
                <li key={id}>
                  <Moment at={at} only="absolute" />
                  <span className="quiet hostile">{by}</span>
                  <span>{say('opened', { count: opened })}</span>
                  {revokedAt ? (
                    <Tag color="error">{say('revokedAt')}</Tag>
                  ) : (
                    <>
                      <span>
                        {say('expires')} <Moment at={expiresAt} only="absolute" />
                      </span>
                      <Button danger size="small" onClick={() => revoke.mutate(id)}>
                        {say('revokeLink')}
                      </Button>
                    </>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Modal>
  );
}
