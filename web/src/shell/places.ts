import { ArrowDownUp, ChartLine, IdCard, KeyRound, Network, RadioTower, ScrollText, Settings, Share2, Workflow } from 'lucide'
import type { IconNode } from 'lucide'
import type { Component } from 'svelte'
import Transfers from '../pages/transfers/Transfers.svelte'
import type en from './en.json'

/** PageProps is what a page gets: what comes after its own name in the address. */
export interface PageProps {
  path: string[]
  query: URLSearchParams
}

/** Place is a page, by the first part of its address. */
export interface Place {
  id: string
  name: keyof typeof en // in navigation, and while it loads
  page?: Component<PageProps> // what the first paint needs
  load?: () => Promise<{ default: Component<PageProps> }> // all others
  icon?: IconNode
  nav?: 'main' | 'more' // where navigation has it; phones show main ones, and the rest behind More
  under?: string // the page in navigation that it belongs to
}

/** places are all pages, in the order of navigation. The first is where one comes in. */
export const places: Place[] = [
  { id: 'transfers', name: 'transfers', page: Transfers, icon: ArrowDownUp, nav: 'main' },
  { id: 'add', name: 'add', load: () => import('../pages/add/Add.svelte'), under: 'transfers' },
  { id: 'torrent', name: 'torrent', load: () => import('../pages/torrent/Torrent.svelte'), under: 'transfers' },
  { id: 'shares', name: 'shares', load: () => import('../pages/shares/Shares.svelte'), icon: Share2, nav: 'main' },
  { id: 'share', name: 'share', load: () => import('../pages/share/Share.svelte'), under: 'shares' },
  { id: 'statistics', name: 'statistics', load: () => import('../pages/statistics/Statistics.svelte'), icon: ChartLine, nav: 'more' },
  { id: 'tracker', name: 'tracker', load: () => import('../pages/tracker/Tracker.svelte'), icon: RadioTower, nav: 'more' },
  { id: 'welcome', name: 'welcome', load: () => import('../pages/welcome/Welcome.svelte') },
  { id: 'automation', name: 'automation', load: () => import('../pages/automation/Automation.svelte'), icon: Workflow, nav: 'more' },
  { id: 'network', name: 'network', load: () => import('../pages/network/Network.svelte'), icon: Network, nav: 'more' },
  { id: 'identities', name: 'identities', load: () => import('../pages/identities/Identities.svelte'), icon: IdCard, nav: 'more' },
  { id: 'tokens', name: 'tokens', load: () => import('../pages/tokens/Tokens.svelte'), icon: KeyRound, nav: 'more' },
  { id: 'logs', name: 'logs', load: () => import('../pages/logs/Logs.svelte'), icon: ScrollText, nav: 'more' },
  { id: 'settings', name: 'settings', load: () => import('../pages/settings/Settings.svelte'), icon: Settings, nav: 'more' },
]
