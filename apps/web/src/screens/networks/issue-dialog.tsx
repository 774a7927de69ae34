import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Input, Modal } from 'antd';
import { answer, api } from '../../api/client';
import { CopyButton } from '../../parts/copy-button';
import { downloadText } from '../../parts/download';
import { Moment } from '../../parts/moment';
import { ProblemAlert } from '../../parts/problem-alert';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

interface IssueDialogProps {
  network: string;
  issued: () => Promise<unknown>;
  close: () => void;
}

/** Issues a credential and shows it this once: neither the list nor the server has the secret afterwards. */
export default function IssueDialog({ network, issued, close }: IssueDialogProps) {
  const say = useText(networkTexts);
  const issue = useMutation({
    mutationFn: () =>
      answer(api.POST('/v1/networks/{network}/credentials', { params: { path: { network } } })),
    gcTime: 0,
    onSuccess: issued,
  });
  const secret = issue.data;
  return (
    <Modal
      open
      title={say('issueCredential')}
      onCancel={close}
      // A click beside the dialog must not lose the secret.
      mask={{ closable: secret === undefined }}
      footer={
        secret ? (
          <Button type="primary" onClick={close}>
            {say('haveSaved')}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{say('cancel')}</Button>
            <Button type="primary" loading={issue.isPending} onClick={() => issue.mutate()}>
              {say('issueCredential')}
            </Button>
          </>
        )
      }
    >
      {secret ? (
        <>
          <Alert type="warning" showIcon role="status" title={say('shownOnce')} />
          <p>
            {say('expires')} <Moment at={secret.expiresAt} only="absolute" />
          </p>
          <Input.TextArea
            readOnly
            className="code"
            aria-label={say('credentials')}
            value={secret.credentials}
            rows={8}
          />
          <p>
            <CopyButton text={secret.credentials} />{' '}
            <Button onClick={() => downloadText(`${network}.creds`, secret.credentials)}>
              {say('saveFile')}
            </Button>
          </p>
        </>
      ) : (
        <p>{say('issueEffect', { network })}</p>
      )}
      {issue.error && <ProblemAlert error={issue.error} />}
    </Modal>
  );
}
