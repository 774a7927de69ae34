import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import { StrictMode, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { whenSignedOut } from './api/client';
import { ApiProblem } from './api/problem';
import { meQuery } from './api/session';
import { router } from './router';
import { PreferencesProvider, usePreferences } from './text/preferences';
import { giveStylesNonce } from './style-nonce';
import { themeOf } from './theme';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (count, error) =>
        count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
    },
  },
});
whenSignedOut(() => queries.setQueryData(meQuery.queryKey, null));

const NONCE = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
giveStylesNonce(NONCE);

function useSystemDark(): boolean {
  const query = useMemo(() => matchMedia('(prefers-color-scheme: dark)'), []);
  const [dark, set] = useState(query.matches);
  useEffect(() => {
    const onChange = () => set(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, [query]);
  return dark;
}

function Themed() {
  const { language, colours } = usePreferences();
  const systemDark = useSystemDark();
  const dark = colours === 'dark' || (colours === 'system' && systemDark);
  const theme = useMemo(() => themeOf(dark), [dark]);
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <ConfigProvider
      csp={{ nonce: NONCE }}
      button={{ autoInsertSpace: false }}
      theme={theme}
      locale={language === 'zh' ? zhCN : enGB}
    >
      {/* The second class gives our style sheets the colours of the theme as variables. */}
      <div className="app hutong">
        <RouterProvider router={router} />
      </div>
    </ConfigProvider>
  );
}

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no #root');
createRoot(place).render(
  <StrictMode>
    <PreferencesProvider>
      <QueryClientProvider client={queries}>
        <Themed />
      </QueryClientProvider>
    </PreferencesProvider>
  </StrictMode>,
);
