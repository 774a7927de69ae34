import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { networksQuery, type Network } from '../../api/lists';
import { FormDialog } from '../../parts/form-dialog';
import { ReasonField } from '../../parts/reason-field';
import { useText } from '../../text/use-text';
import { bodyOf, NetworkFields, type NetworkFacts } from './network-fields';
import { networkTexts } from './text';

interface Fields extends NetworkFacts {
  reason: string;
}

interface EditDialogProps {
  network: Network;
  close: () => void;
}

export default function EditDialog({ network, close }: EditDialogProps) {
  const say = useText(networkTexts);
  const queries = useQueryClient();
  // The list is read again while the form is open: what counts is the version that the form began with.
  const [{ name, operator, test, version }] = useState(network);
  const run = async ({ reason, ...facts }: Fields) => {
    const params = { path: { network: network.network }, header: { 'If-Match': `"${version}"` } };
    await answer(api.PUT('/v1/networks/{network}', { params, body: { ...bodyOf(facts), reason } }));
    await queries.invalidateQueries(networksQuery);
  };
  return (
    <FormDialog<Fields>
      title={`${say('edit')}: ${network.network}`}
      action={say('save')}
      initial={{ name, operator: operator ?? '', test }}
      run={run}
      close={close}
    >
      <p>{say('editEffect')}</p>
      <NetworkFields />
      <ReasonField />
    </FormDialog>
  );
}
