import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { searchText } from '../shell/search-text.ts';

const factures = createRoute({
  getParentRoute: () => frame,
  path: '/factures',
  validateSearch: (search: Record<string, unknown>): { numero: string } => ({
    numero: searchText(search.numero),
  }),
  component: lazy(async () => ({ default: (await import('./found-invoices.tsx')).FoundInvoices })),
});

const facture = createRoute({
  getParentRoute: () => frame,
  path: '/factures/$id',
  component: lazy(async () => ({ default: (await import('./invoice-page.tsx')).InvoicePage })),
});

export const invoiceRoutes = [factures, facture] as const;
