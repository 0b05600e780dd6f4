import '@fontsource-variable/inter/wght.css';
import './style/base.css';
import { TransportProvider } from '@connectrpc/connect-query';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { queryClient, transport } from './connection.ts';
import { useLanguage } from './messages/use-messages.ts';
import { router } from './router.ts';
import { applyTheme } from './shell/theme.ts';
import { allowNothingButEmptyHtml } from './trusted-types.ts';

allowNothingButEmptyHtml();
applyTheme();

function Pages() {
  return (
    <I18nProvider locale={useLanguage() === 'fr' ? 'fr-FR' : 'en-GB'}>
      <TransportProvider transport={transport}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </TransportProvider>
    </I18nProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Pages />
  </StrictMode>,
);
