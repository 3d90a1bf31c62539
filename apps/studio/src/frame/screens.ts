/** The screens of the rail, in its order. `often`: has a place in the bar of a narrow window, which has room for four. */
export const SCREENS = [
  { to: '/', label: 'Home', icon: 'home', often: true },
  { to: '/prompts', label: 'Prompts', icon: 'prompts', often: false },
  { to: '/evaluators', label: 'Evaluators', icon: 'evaluators', often: false },
  { to: '/runs', label: 'Runs', icon: 'runs', often: true },
  { to: '/review', label: 'Review', icon: 'review', often: true },
  { to: '/catalog', label: 'Catalog', icon: 'catalog', often: true },
  { to: '/sources', label: 'Sources', icon: 'sources', often: false },
  { to: '/operations', label: 'Operations', icon: 'operations', often: false },
] as const;
