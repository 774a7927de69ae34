import { useQuery } from '@tanstack/react-query';
import { Alert, Form, Input, Modal } from 'antd';
import { answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { ProblemAlert } from '../../parts/problem-alert';
import { QrCode } from '../../parts/qr-code/qr-code';
import { Loaded } from '../../parts/screen';
import { inBackground } from '../../parts/in-background';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

type Pairing = Schemas['PairAnswer'];

const ASKED_EVERY_MS = 1500;
const ENDS = new Set<Pairing['state']>(['paired', 'known', 'ended']);

interface PairDialogProps {
  network: string;
  close: () => void;
}

/** A QR code that a person scans, and how the pairing stands. */
export default function PairDialog({ network, close }: PairDialogProps) {
  const say = useText(networkTexts);
  const path = { network };
  const begun = useQuery({
    queryKey: ['pairing', network],
    queryFn: () => answer(api.POST('/v1/networks/{network}/pairings', { params: { path } })),
    // Each opening of the dialog is a pairing of its own.
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  const id = begun.data?.id ?? '';
  const now = useQuery({
    queryKey: ['pairing', network, id],
    queryFn: () =>
      answer(api.GET('/v1/networks/{network}/pairings/{id}', { params: { path: { network, id } } })),
    enabled: id !== '',
    refetchInterval: ({ state: { data } }) => (data && ENDS.has(data.state) ? false : ASKED_EVERY_MS),
    gcTime: 0,
  });
  const enter = async ({ code }: { code: string }) => {
    const params = { path: { network, id } };
    await answer(api.POST('/v1/networks/{network}/pairings/{id}/code', { params, body: { code } }));
    await now.refetch();
  };
  return (
    <Modal open title={say('pairPerson')} onCancel={close} footer={null}>
      <p>{say('pairHow')}</p>
      <Loaded query={begun}>
        {(first) => {
          const { state, show, address } = now.data ?? first;
          return (
            <>
              {state === 'waiting' && show !== undefined && <QrCode text={show} label={say('pairCode')} />}
              {state === 'code-needed' && (
                <Form<{ code: string }> layout="vertical" onFinish={(fields) => inBackground(enter(fields))}>
                  <Form.Item
                    name="code"
                    label={say('pairDigits')}
                    rules={[{ required: true, pattern: /^\d{1,12}$/ }]}
                  >
                    <Input inputMode="numeric" autoComplete="off" />
                  </Form.Item>
                </Form>
              )}
              <Alert
                role="status"
                type={
                  state === 'paired' || state === 'known' ? 'success' : state === 'ended' ? 'warning' : 'info'
                }
                title={say(`pairing-${state}`)}
                description={address && <code className="hostile">{address}</code>}
              />
            </>
          );
        }}
      </Loaded>
      {now.error && <ProblemAlert error={now.error} />}
    </Modal>
  );
}
