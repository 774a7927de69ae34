import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { meQuery } from './api/session';
import { Frame } from './frame/frame';
import { inBackground } from './parts/in-background';
import { ProblemAlert } from './parts/problem-alert';
import { Loading } from './parts/screen';

const Enrol = lazy(() => import('./screens/sign-in/enrol'));
const SignIn = lazy(() => import('./screens/sign-in/sign-in'));

/** Whoever is not signed in signs in at the address that they opened, and then sees it. */
export function Root() {
  const me = useQuery(meQuery);
  const { pathname } = useLocation();
  if (me.data?.mustSetUpSecondFactor)
    return (
      <Suspense fallback={null}>
        <Enrol />
      </Suspense>
    );
  // An integrator may not see the traffic of the overview.
  if (me.data && pathname === '/' && !me.data.permissions.includes('trace:read'))
    return <Navigate to="/days" replace />;
  if (me.data) return <Frame me={me.data} />;
  if (me.data === null)
    return (
      <Suspense fallback={null}>
        <SignIn />
      </Suspense>
    );
  if (me.error)
    return (
      <main className="content">
        <ProblemAlert error={me.error} retry={() => inBackground(me.refetch())} />
      </main>
    );
  return (
    <main className="content">
      <Loading />
    </main>
  );
}
