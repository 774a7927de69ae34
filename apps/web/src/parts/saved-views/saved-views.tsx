import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useText } from '../../text/use-text';
import { viewTexts } from './text';

const SavedViewsDialog = lazy(() => import('./saved-views-dialog'));

/** Filters of this page under a name, for the person who is signed in. For screens whose filter stands in the address. */
export function SavedViews() {
  const say = useText(viewTexts);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {say('views')}
      </Button>
      <Suspense fallback={null}>{open && <SavedViewsDialog close={() => setOpen(false)} />}</Suspense>
    </>
  );
}
