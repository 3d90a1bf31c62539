/** The screens of the rail, in its order. */
export const SCREENS = [
  { to: '/', label: 'Home', icon: 'home' },
  { to: '/prompts', label: 'Prompts', icon: 'prompts' },
  { to: '/evaluators', label: 'Evaluators', icon: 'evaluators' },
  { to: '/runs', label: 'Runs', icon: 'runs' },
  { to: '/review', label: 'Review', icon: 'review' },
  { to: '/catalog', label: 'Catalog', icon: 'catalog' },
  { to: '/sources', label: 'Sources', icon: 'sources' },
  { to: '/operations', label: 'Operations', icon: 'operations' },
] as const;
