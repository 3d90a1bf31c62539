// Written by `npm run studio:client` from the OpenAPI document of the host. Never edited by hand.

export interface paths {
  '/api/batches': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['BatchesController_list'];
    put?: never;
    post: operations['BatchesController_start'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/batches/rehearsal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['BatchesController_rehearse'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/batches/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['BatchesController_show'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: operations['BatchesController_limit'];
    trace?: never;
  };
  '/api/batches/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['BatchesController_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/batches/{id}/items': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['BatchesController_items'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/batches/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['BatchesController_pause'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/batches/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['BatchesController_resume'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/batches/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['BatchesController_retry'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/block-types': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['BlockTypesController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/block-types/work': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['BlockTypesController_work'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/budgets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['BudgetsController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/budgets/leases': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['BudgetsController_lease'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/budgets/leases/{call}/settlement': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['BudgetsController_settle'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/budgets/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['BudgetsController_show'];
    put: operations['BudgetsController_put'];
    post?: never;
    delete: operations['BudgetsController_delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/course-data': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CourseDataController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/course-data/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CourseDataController_show'];
    put: operations['CourseDataController_publish'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/courses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_courses'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['DeadLettersController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/dead-letters/redrives': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['DeadLettersController_redriveAll'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/dead-letters/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['DeadLettersController_show'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/dead-letters/{id}/redrive': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['DeadLettersController_redrive'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/editors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['EditorsController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/editors/{tab}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['EditorsController_types'];
    post?: never;
    delete: operations['EditorsController_leaves'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/environments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_environments'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/episodes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_episodes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/episodes/actions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['EpisodeActionsController_act'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/episodes/exports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['CatalogController_export'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/episodes/groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_groups'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/episodes/reviews': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['EpisodeActionsController_review'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/episodes/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_show'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch: operations['EpisodeActionsController_change'];
    trace?: never;
  };
  '/api/episodes/{id}/audio': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_audio'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/episodes/{id}/episode.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_document'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/episodes/{id}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_versions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluator-tests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['list-evaluator-tests'];
    put?: never;
    post: operations['batch_run_test_cases'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluator-tests/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['show-evaluator-test'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluator-tests/{id}/agreement': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['agreement-of-evaluator-test'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['list-evaluators'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/judges': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['read-judges'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['validate-evaluators'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['show-evaluators'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['diff-evaluators'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/draft': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['draft-of-evaluators'];
    put: operations['save-draft-of-evaluators'];
    post?: never;
    delete: operations['delete-draft-of-evaluators'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/draft/changes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['changes-of-draft-of-evaluators'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/draft/publish': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['publish-draft-of-evaluators'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/draft/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['restore-draft-of-evaluators'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/draft/revisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['revisions-of-evaluators'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/draft/revisions/{revision}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['revision-of-evaluators'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/labels/{label}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['label-evaluators'];
    post?: never;
    delete: operations['unlabel-evaluators'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['versions-of-evaluators'];
    put?: never;
    post: operations['publish-evaluators'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/evaluators/{id}/yaml': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['yaml-of-evaluators'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/exports/{hash}/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['ExportsController_download'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['list-golden-sets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['validate-golden-sets'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['show-golden-sets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['diff-golden-sets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/draft': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['draft-of-golden-sets'];
    put: operations['save-draft-of-golden-sets'];
    post?: never;
    delete: operations['delete-draft-of-golden-sets'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/draft/cases': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['add-golden-case'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/draft/changes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['changes-of-draft-of-golden-sets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/draft/publish': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['publish-draft-of-golden-sets'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/draft/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['restore-draft-of-golden-sets'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/draft/revisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['revisions-of-golden-sets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/draft/revisions/{revision}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['revision-of-golden-sets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/labels/{label}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['label-golden-sets'];
    post?: never;
    delete: operations['unlabel-golden-sets'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/sheet': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['publish-golden-set-from-sheet'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['versions-of-golden-sets'];
    put?: never;
    post: operations['publish-golden-sets'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/golden-sets/{id}/yaml': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['yaml-of-golden-sets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['LedgerController_sums'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/calls': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['LedgerController_calls'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/calls/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['LedgerController_call'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/calls/{id}/resolution': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['LedgerController_resolve'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/claims': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['ClaimsController_claim'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/claims/answers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['ClaimsController_record'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/claims/endings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['ClaimsController_end'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/claims/renewals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['ClaimsController_renew'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/claims/second-answers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['ClaimsController_second'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger/estimates': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['EstimatesController_execute'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/nodes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['CatalogController_nodes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompt-comparisons': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['list-prompt-comparisons'];
    put?: never;
    post: operations['compare-prompts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompt-comparisons/estimate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['estimate-prompt-comparison'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompt-runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['PromptRunsController_run'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompt-runs/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['PromptRunsController_check'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompt-runs/images': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['PromptRunsController_image'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompt-runs/images/fetched': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['PromptRunsController_fetchedImage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompt-runs/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['PromptRunsController_preview'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompt-runs/variables': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['PromptRunsController_variables'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['list-prompts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['validate-prompts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['show-prompts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['diff-prompts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/draft': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['draft-of-prompts'];
    put: operations['save-draft-of-prompts'];
    post?: never;
    delete: operations['delete-draft-of-prompts'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/draft/changes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['changes-of-draft-of-prompts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/draft/publish': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['publish-draft-of-prompts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/draft/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['restore-draft-of-prompts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/draft/revisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['revisions-of-prompts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/draft/revisions/{revision}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['revision-of-prompts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/labels/{label}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['label-prompts'];
    post?: never;
    delete: operations['unlabel-prompts'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['versions-of-prompts'];
    put?: never;
    post: operations['publish-prompts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/prompts/{id}/yaml': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['yaml-of-prompts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/rate-limits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RateLimitsController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/rate-limits/{model}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['RateLimitsController_put'];
    post?: never;
    delete: operations['RateLimitsController_delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/recalls': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RecallsController_list'];
    put?: never;
    post: operations['RecallsController_recall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/recalls/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RecallsController_show'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/references/{kind}/{id}/inputs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['ReferencesController_inputs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/references/{kind}/{id}/uses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['ReferencesController_uses'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/reviews': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['ReviewsController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/reviews/decisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['ReviewsController_decideTogether'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/reviews/queue': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['ReviewsController_queue'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/reviews/{task}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['ReviewsController_show'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/reviews/{task}/assignees': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['ReviewsController_assign'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/reviews/{task}/claim': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: operations['ReviewsController_claim'];
    post?: never;
    delete: operations['ReviewsController_release'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/reviews/{task}/decision': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['ReviewsController_decide'];
    delete: operations['ReviewsController_undo'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RunsController_list'];
    put?: never;
    post: operations['RunsController_start'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/commands': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['ManyRunsController_command'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/counts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['LiveRunsController_counts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['LiveRunsController_events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/matching': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['ManyRunsController_matching'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RunsController_show'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['RunsController_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/comparison': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['HistoryController_comparison'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RunsController_events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['HistoryController_history'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/lineage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['HistoryController_lineage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['RunsController_pause'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/reruns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['RerunsController_start'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/reruns/forecast': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['RerunsController_forecast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/results': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RunsController_results'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/results/value': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RunsController_result'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['RunsController_resume'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['RunsController_retry'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/scenario': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RunsController_scenario'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/tasks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['RunsController_tasks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/timeline': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['HistoryController_timeline'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/samples/duoradio': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['applySample'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedules': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['SchedulesController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedules/times': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['SchedulesController_times'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedules/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['SchedulesController_show'];
    put: operations['SchedulesController_put'];
    post?: never;
    delete: operations['SchedulesController_delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/sources': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['SourcesController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/sources/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['SourcesController_show'];
    put: operations['SourcesController_put'];
    post?: never;
    delete: operations['SourcesController_delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/sources/{id}/sync': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['SourcesController_sync'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/sources/{id}/watch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['WatchesController_show'];
    put: operations['WatchesController_put'];
    post?: never;
    delete: operations['WatchesController_delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/sources/{id}/watch/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['WatchesController_retry'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/speech': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['SpeechController_speak'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/speech/audio/{hash}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['SpeechController_audio'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/speech/peaks/{hash}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['SpeechController_peaks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TablesController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TablesController_show'];
    put: operations['TablesController_publish'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables/{id}/changes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TablesController_changes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables/{id}/missing': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TablesController_missing'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tables/{id}/rows': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TablesController_rows'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TasksController_show'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks/{id}/input': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TasksController_input'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks/{id}/payloads': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TasksController_payloads'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks/{id}/provenance': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TasksController_provenance'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks/{id}/reviews': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['TasksController_review'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/triggers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TriggersController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/triggers/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['TriggersController_show'];
    put: operations['TriggersController_put'];
    post?: never;
    delete: operations['TriggersController_delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/voices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['SpeechController_voices'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['WorkflowsController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['WorkflowsController_validate'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['WorkflowsController_show'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/block-tests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['BlockTestsController_start'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/draft': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['DraftsController_show'];
    put: operations['DraftsController_save'];
    post?: never;
    delete: operations['DraftsController_delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/draft/changes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['DraftsController_changes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/draft/publish': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations['DraftsController_publish'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/draft/revisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['DraftsController_revisions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/draft/revisions/{revision}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['DraftsController_revision'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['WorkflowsController_runs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/uses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['WorkflowsController_uses'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['WorkflowsController_versions'];
    put?: never;
    post: operations['WorkflowsController_publish'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/workflows/{id}/versions/{version}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['WorkflowsController_version'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** AgreementPart */
    AgreementPart: {
      accuracy: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      cases: number;
      confusion: {
        failFail: number;
        failPass: number;
        passFail: number;
        passPass: number;
      };
      kappa: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      name: string;
      precision: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      recall: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
    };
    AnswerOfClaim: {
      id: string;
      late?: components['schemas']['LateFor'];
      /** Format: uuid */
      owner: string;
      requestId?: string;
      usage?: {
        [key: string]: unknown;
      };
      value: {
        [key: string]: unknown;
      };
    };
    AnswersBody: {
      answers: components['schemas']['AnswerOfClaim'][];
    };
    /** AskedPrompt */
    AskedPrompt: {
      prompt: string;
      totals: {
        inputTokens: number;
        outputTokens: number;
        paid: number;
        saved: number;
        unpriced: number;
      };
      usage: components['schemas']['Usage'][];
      value: {
        [key: string]: unknown;
      };
    };
    /** AskedSpeech */
    AskedSpeech: {
      language: string;
      lines: {
        language?: string;
        speaker: string;
        text: string;
      }[];
      pace?: number;
      voices?: {
        [key: string]: string;
      };
    };
    AssigneesBody: {
      assignees: string[];
    };
    /** AudioMeasures */
    AudioMeasures: {
      clippedSamples: number;
      durationMs: number;
      encodedDurationMs: number;
      fastestMsPerLetter: number;
      lines: number;
      longestSilenceMs: number;
      loudestLineDb: number;
      peakDb: number;
      quietestLineDb: number;
      slowestMsPerLetter: number;
      visemes: number;
    };
    /** Batch */
    Batch: {
      concurrency: number;
      cost: number;
      /** Format: date-time */
      createdAt: string;
      endedAt: string | null;
      existing: string;
      /** Format: uuid */
      id: string;
      items: {
        cancelled: number;
        completed: number;
        failed: number;
        partial: number;
        running: number;
        skipped: number;
        total: number;
        waiting: number;
      };
      maxCost: number | null;
      name: string | null;
      reason: string | null;
      source: unknown;
      status: string;
      version: number;
      workflow: string;
    };
    /** BlockManifest */
    BlockManifest: {
      description: string;
      /** @enum {unknown} */
      input: 'each' | 'all' | 'both';
      /** @enum {unknown} */
      output: 'one' | 'many' | 'pick';
      raw?: string[];
      /** @enum {unknown} */
      reads?: 'named' | 'all';
      result?: {
        [key: string]: unknown;
      };
      samples?: boolean;
      timeout?: string;
      title: string;
      type: string;
      version: number;
      with: {
        [key: string]: unknown;
      };
    };
    BlockTestBody: {
      block: string;
      definition: {
        [key: string]: unknown;
      };
      given?: {
        [key: string]: unknown;
      };
    };
    BlockToEstimateBody: {
      /** @default true */
      asksModel: boolean;
      block: string;
      prompt?: string;
      /** @default 1 */
      times: number;
    };
    /** BlockType */
    BlockType: {
      manifest: components['schemas']['BlockManifest'];
      /** Format: date-time */
      registeredAt: string;
      service: string;
    };
    /** BlockTypeWork */
    BlockTypeWork: {
      /** Format: date-time */
      since: string;
      types: components['schemas']['TypeWork'][];
    };
    /** BlockTypes */
    BlockTypes: {
      blockTypes: components['schemas']['BlockType'][];
    };
    BudgetBody: {
      amount?: number;
      /** @enum {string} */
      per: 'run' | 'workflow' | 'day';
      /** Format: uuid */
      run?: string;
      tokens?: number;
      workflow?: string;
    };
    /** BudgetLease */
    BudgetLease: {
      room: boolean;
    };
    /** CallEstimate */
    CallEstimate: {
      cost: number | null;
      inputTokens: number;
      outputTokens: number;
    };
    /** CatalogCourse */
    CatalogCourse: {
      episodes: number;
      from: string;
      id: string;
      to: string;
    };
    /** CatalogNode */
    CatalogNode: {
      emptySlots: number[];
      episodes: number;
      id: string;
      level: string;
      name: string;
    };
    /** CatalogUpdate */
    CatalogUpdate: {
      courses: {
        course: string;
        environment: string;
      }[];
    };
    /** CheckedPrompt */
    CheckedPrompt: {
      errors: components['schemas']['PromptFault'][];
      variables: string[];
      warnings: components['schemas']['PromptFault'][];
    };
    ClaimBody: {
      block: string;
      id: string;
      insteadOf?: string[];
      key: string;
      kind: string;
      lineage: string;
      /** Format: uuid */
      owner: string;
      payer?: string;
      requestHash: string;
      /** Format: uuid */
      run?: string;
      sample: number;
      step: string;
      subject?: string;
      /** Format: uuid */
      task?: string;
      workflow?: string;
    };
    ClaimName: {
      id: string;
      /** Format: uuid */
      owner: string;
    };
    /** ClaimedEffect */
    ClaimedEffect: {
      calls: string[];
      id: string;
      interrupted: number;
      owner: string;
      state: string;
      task: string | null;
      usage: components['schemas']['Usage'] | null;
      value: unknown;
    };
    /** ClaimedEffects */
    ClaimedEffects: {
      leaseMs: number;
      rows: components['schemas']['ClaimedEffect'][];
    };
    ClaimsBody: {
      claims: components['schemas']['ClaimBody'][];
    };
    /** CommandedRuns */
    CommandedRuns: {
      /** Format: date-time */
      at: string;
      done: string[];
      refused: {
        code: string;
        message: string;
        /** Format: uuid */
        run: string;
      }[];
    };
    /** ComparedAnswer */
    ComparedAnswer: {
      cost: number | null;
      error: {
        code: string;
        message: string;
      } | null;
      judgeError: {
        code: string;
        message: string;
      } | null;
      judgements: number[];
      reasons: string[];
      score: number | null;
      value: {
        [key: string]: unknown;
      } | null;
    };
    /** ComparedPair */
    ComparedPair: {
      after: components['schemas']['ComparedAnswer'];
      before: components['schemas']['ComparedAnswer'];
      block: string;
      changes: components['schemas']['DefinitionChange'][];
      difference: number | null;
      key: string;
      /** Format: uuid */
      run: string;
      /** Format: uuid */
      task: string;
      verdict: ('better' | 'same' | 'worse') | null;
      workflow: string;
    };
    /** ComparedPayload */
    ComparedPayload: {
      key: string;
      otherScore: number | null;
      otherState: string | null;
      same: boolean;
      score: number | null;
      state: string | null;
    };
    /** CountingAnswer */
    CountingAnswer: {
      value: unknown;
    };
    /** CourseData */
    CourseData: {
      hash: string;
      head: {
        from: string;
        language: string;
        title?: string;
      };
      id: string;
      /** Format: date-time */
      publishedAt: string;
      rows: number;
      version: number;
    };
    /** CourseDataDetail */
    CourseDataDetail: {
      hash: string;
      head: {
        from: string;
        language: string;
        title?: string;
      };
      id: string;
      /** Format: date-time */
      publishedAt: string;
      rows: number;
      units: {
        [key: string]: unknown;
      }[];
      version: number;
    };
    CourseHeadBody: {
      from: string;
      language: string;
      title: string;
    };
    /** DeadLetter */
    DeadLetter: {
      attempts: number;
      errorCode: string;
      errorMessage: string;
      group: string;
      /** Format: uuid */
      id: string;
      offset?: number;
      /** Format: date-time */
      parkedAt: string;
      partition?: number;
      topic: string;
    };
    /** DeadLetterEnvelope */
    DeadLetterEnvelope: {
      attempts: number;
      body: string;
      encoding: string;
      errorCode: string;
      errorMessage: string;
      group: string;
      headers: {
        [key: string]: string;
      };
      /** Format: uuid */
      id: string;
      key: string;
      offset?: number;
      omittedBytes?: number;
      /** Format: date-time */
      parkedAt: string;
      partition?: number;
      topic: string;
    };
    DecisionBody: {
      comment?: string;
      /** @enum {string} */
      decision: 'approve' | 'reject';
      edits?: {
        [key: string]: unknown;
      };
      /** @default 0 */
      undoableSeconds: number;
    };
    DecisionsBody: {
      decisions: components['schemas']['OneDecisionBody'][];
      /** @default 10 */
      undoableSeconds: number;
    };
    DefinitionBody: {
      definition?: {
        [key: string]: unknown;
      };
      yaml?: string;
    };
    /** DefinitionChange */
    DefinitionChange: {
      after?: unknown;
      before?: unknown;
      /** @enum {unknown} */
      kind: 'added' | 'removed' | 'changed';
      part: string;
      path: string;
      pathBefore?: string;
      words?: {
        /** @enum {unknown} */
        op: 'same' | 'added' | 'removed';
        text: string;
      }[];
    };
    /** DefinitionDiff */
    DefinitionDiff: {
      changes: components['schemas']['DefinitionChange'][];
      from: string;
      id: string;
      same: boolean;
      to: string;
    };
    /** DefinitionDraft */
    DefinitionDraft: {
      /** Format: date-time */
      at: string;
      by: string;
      definition: {
        [key: string]: unknown;
      };
      errors: components['schemas']['DefinitionFault'][];
      id: string;
      latest: number | null;
      revision: number;
      variables: string[];
      yaml: string;
    };
    /** DefinitionFault */
    DefinitionFault: {
      field: string;
      message: string;
    } & {
      [key: string]: unknown;
    };
    /** DefinitionFaults */
    DefinitionFaults: {
      errors: {
        code: string;
        field: string;
        message: string;
      }[];
    };
    /** DefinitionSummary */
    DefinitionSummary: {
      author: string | null;
      description: string | null;
      draft: {
        at: string;
        by: string;
        revision: number;
      } | null;
      id: string;
      labels: {
        label: string;
        version: number;
      }[];
      latest: number | null;
      name: string | null;
      publishedAt: string | null;
    };
    /** DefinitionVersionSummary */
    DefinitionVersionSummary: {
      author: string;
      hash: string;
      id: string;
      labels: string[];
      note: string | null;
      /** Format: date-time */
      publishedAt: string;
      version: number;
    };
    /** DraftChanges */
    DraftChanges: {
      authors: {
        /** Format: date-time */
        at: string;
        by: string;
        changes: components['schemas']['DefinitionChange'][];
        revision: number;
      }[];
      since: number | null;
    };
    /** DraftRevision */
    DraftRevision: {
      /** Format: date-time */
      at: string;
      by: string;
      revision: number;
      version: number | null;
    };
    /** DraftRevisionContent */
    DraftRevisionContent: {
      /** Format: date-time */
      at: string;
      by: string;
      definition: {
        [key: string]: unknown;
      };
      revision: number;
      version: number | null;
      yaml: string;
    };
    EditedPlace: {
      place: string;
    };
    EditedResultBody: {
      block: string;
      key: string;
      result: {
        [key: string]: unknown;
      };
    };
    /** Editors */
    Editors: {
      editors: {
        /** Format: date-time */
        at: string;
        by: string;
        /** Format: uuid */
        tab: string;
      }[];
      place: string;
    };
    /** EndedClaim */
    EndedClaim: {
      held: boolean;
      interrupted: number;
    };
    EndingBody: {
      id: string;
      /** Format: uuid */
      owner: string;
      seen: boolean;
    };
    /** Episode */
    Episode: {
      audio: components['schemas']['Ref'];
      course: {
        from: string;
        id: string;
        to: string;
      };
      durationMs: number;
      exercises: {
        answer: string;
        /** @enum {unknown} */
        kind: 'listen' | 'comprehension' | 'cap-the-gap';
        line: number;
        options: string[];
        prompt: string;
      }[];
      id: string;
      lines: {
        endMs: number;
        sentences?: {
          endMs: number;
          startMs: number;
          text: string;
        }[];
        speaker: string;
        startMs: number;
        text: string;
        visemes: {
          endMs: number;
          id: string;
          startMs: number;
        }[];
        words: {
          endMs: number;
          startMs: number;
          text: string;
        }[];
      }[];
      node: {
        id: string;
        level: string;
        name: string;
      };
      provenance: {
        audio?: components['schemas']['AudioMeasures'];
        calls?: {
          ledger?: string;
          model: string;
          requestId?: string;
        }[];
        cost?: {
          amount: number;
          currency: string;
          unpriced: number;
        };
        evaluators: string[];
        models: string[];
        offline: boolean;
        prompts: string[];
        rows: string[];
        run: string;
        scores: {
          [key: string]: number;
        };
        voices?: string[];
        workflow?: string;
      };
      /** @constant */
      schemaVersion: 1;
      script: {
        lines: {
          speaker: string;
          text: string;
        }[];
      };
      slot: number;
      title: string;
      version: number;
      viability: number;
      wrapper: string;
    };
    /** EpisodeActionResult */
    EpisodeActionResult: {
      /** Format: uuid */
      episode: string;
      /** @enum {unknown} */
      outcome: 'changed' | 'unchanged' | 'refused';
      problem?: {
        [key: string]: unknown;
      };
      version?: number | null;
    };
    EpisodeActionsBody: {
      /** @enum {string} */
      action: 'publish' | 'promote' | 'unpublish' | 'rollback';
      /**
       * @default dev
       * @enum {string}
       */
      environment: 'dev' | 'prod';
      episodes?: string[];
      replace?: boolean;
      /** @enum {string} */
      to?: 'dev' | 'prod';
      version?: number;
      where?: components['schemas']['EpisodeFilterFields'];
    };
    EpisodeChangeBody: {
      slot?: number;
      swap?: boolean;
      title?: string;
    };
    /** EpisodeDetail */
    EpisodeDetail: {
      attempts: number;
      changedBy: string | null;
      course: string;
      environment: string;
      files: {
        audio: string;
        episode: string;
      };
      /** Format: uuid */
      id: string;
      level: string | null;
      links: {
        audio: string;
        episode: string;
      };
      newestVersion: number | null;
      node: string;
      nodeName: string | null;
      offline: boolean;
      pipelineBlock: string | null;
      pipelineStatus: string | null;
      provenance: {
        audio?: components['schemas']['AudioMeasures'];
        calls?: {
          ledger?: string;
          model: string;
          requestId?: string;
        }[];
        cost?: {
          amount: number;
          currency: string;
          unpriced: number;
        };
        evaluators: string[];
        models: string[];
        offline: boolean;
        prompts: string[];
        rows: string[];
        run: string;
        scores: {
          [key: string]: number;
        };
        voices?: string[];
        workflow?: string;
      };
      run: string | null;
      schemaVersion: number | null;
      slot: number;
      status: string;
      title: string | null;
      /** Format: date-time */
      updatedAt: string;
      version: number | null;
      viability: number | null;
      wrapper: string;
    };
    EpisodeFilterFields: {
      /** Format: date-time */
      changedSince?: string;
      course?: string;
      level?: string;
      maxViability?: number;
      minViability?: number;
      name?: string;
      node?: string;
      /** @enum {string} */
      pipelineStatus?: 'running' | 'completed' | 'partial' | 'failed' | 'cancelled';
      /** Format: uuid */
      run?: string;
      schemaVersion?: number;
      slot?: number;
      /** @enum {string} */
      status?: 'publishing' | 'published' | 'unpublished' | 'recalled';
      wrapper?: string;
    };
    /** EpisodeGroup */
    EpisodeGroup: {
      episodes: number;
      published: number;
      /** Format: date-time */
      updatedAt: string;
      value: string | null;
      viability: number | null;
    };
    /** EpisodeReviewResult */
    EpisodeReviewResult: {
      /** Format: uuid */
      episode: string;
      /** @enum {unknown} */
      outcome: 'asked' | 'refused';
      problem?: {
        [key: string]: unknown;
      };
      /** Format: uuid */
      run?: string;
    };
    /** EpisodeSummary */
    EpisodeSummary: {
      attempts: number;
      changedBy: string | null;
      course: string;
      environment: string;
      /** Format: uuid */
      id: string;
      level: string | null;
      newestVersion: number | null;
      node: string;
      nodeName: string | null;
      offline: boolean;
      pipelineBlock: string | null;
      pipelineStatus: string | null;
      run: string | null;
      schemaVersion: number | null;
      slot: number;
      status: string;
      title: string | null;
      /** Format: date-time */
      updatedAt: string;
      version: number | null;
      viability: number | null;
      wrapper: string;
    };
    /** EpisodeVersion */
    EpisodeVersion: {
      audio: components['schemas']['Ref'];
      block: string | null;
      /** Format: date-time */
      createdAt: string;
      object: string;
      pipelineStatus: string;
      provenance: {
        audio?: components['schemas']['AudioMeasures'];
        calls?: {
          ledger?: string;
          model: string;
          requestId?: string;
        }[];
        cost?: {
          amount: number;
          currency: string;
          unpriced: number;
        };
        evaluators: string[];
        models: string[];
        offline: boolean;
        prompts: string[];
        rows: string[];
        run: string;
        scores: {
          [key: string]: number;
        };
        voices?: string[];
        workflow?: string;
      };
      publishedAt: string | null;
      run: string;
      state: string;
      title: string;
      version: number;
      viability: number;
    };
    EpisodesBody: {
      /**
       * @default dev
       * @enum {string}
       */
      environment: 'dev' | 'prod';
      episodes?: string[];
      where?: components['schemas']['EpisodeFilterFields'];
    };
    EstimateBody: {
      blocks: components['schemas']['BlockToEstimateBody'][];
      inputs?: {
        [key: string]: unknown;
      };
      workflow: string;
    };
    /** Evaluator */
    Evaluator:
      | {
          description?: string;
          id: string;
          /** @constant */
          kind: 'evaluator';
          name?: string;
          passAt?: number;
          /** @constant */
          type: 'model';
          with: {
            inputs?: {
              [key: string]: unknown;
            };
            prompt: string;
            scale: number[];
            votes?: number;
          };
        }
      | {
          description?: string;
          id: string;
          /** @constant */
          kind: 'evaluator';
          name?: string;
          passAt?: number;
          /** @constant */
          type: 'rule';
          with: {
            rules: ({
              use: string;
              weight?: number;
            } & {
              [key: string]: unknown;
            })[];
          };
        }
      | {
          description?: string;
          id: string;
          /** @constant */
          kind: 'evaluator';
          name?: string;
          passAt?: number;
          /** @constant */
          type: 'composite';
          with: {
            /** @enum {unknown} */
            combine: 'mean' | 'min' | 'weighted' | 'all-must-pass';
            evaluators: {
              evaluator: string;
              passAt?: number;
              weight?: number;
            }[];
          };
        };
    /** EvaluatorAgreement */
    EvaluatorAgreement: {
      accuracy: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      byCourse: components['schemas']['AgreementPart'][];
      byWeek: components['schemas']['AgreementPart'][];
      cases: number;
      changed: string[];
      confusion: {
        failFail: number;
        failPass: number;
        passFail: number;
        passPass: number;
      };
      evaluator: string;
      falseFails: components['schemas']['TestCaseResult'][];
      falsePasses: components['schemas']['TestCaseResult'][];
      flips: {
        cases: number;
        flipped: components['schemas']['TestCaseResult'][];
        rate: {
          high: number | null;
          low: number | null;
          value: number | null;
        };
      };
      kappa: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      passAt: number;
      passes: number;
      precision: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      recall: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
    };
    /** EvaluatorTest */
    EvaluatorTest: {
      author: string;
      /** Format: date-time */
      createdAt: string;
      done: number;
      endedAt: string | null;
      error: {
        code: string;
        message: string;
      } | null;
      evaluators: string[];
      goldenSet: string;
      /** Format: uuid */
      id: string;
      repeats: number;
      /** @enum {unknown} */
      status: 'running' | 'done' | 'failed';
      total: number;
    };
    /** EvaluatorTestReport */
    EvaluatorTestReport: {
      author: string;
      /** Format: date-time */
      createdAt: string;
      done: number;
      endedAt: string | null;
      error: {
        code: string;
        message: string;
      } | null;
      evaluators: string[];
      goldenSet: string;
      /** Format: uuid */
      id: string;
      repeats: number;
      report: {
        flippedBetweenVersions: {
          case: string;
          /** @enum {unknown} */
          human: 'pass' | 'fail';
          verdicts: {
            [key: string]: 'pass' | 'fail';
          };
        }[];
        versions: components['schemas']['EvaluatorTestVersion'][];
      } | null;
      /** @enum {unknown} */
      status: 'running' | 'done' | 'failed';
      total: number;
    };
    /** EvaluatorTestVersion */
    EvaluatorTestVersion: {
      accuracy: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      cases: number;
      confusion: {
        failFail: number;
        failPass: number;
        passFail: number;
        passPass: number;
      };
      cost: {
        amount: number;
        /** @constant */
        currency: 'USD';
        saved: number;
        unpriced: number;
      };
      evaluator: string;
      failed: number;
      flippedBetweenVotes: string[];
      kappa: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      precision: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      recall: {
        high: number | null;
        low: number | null;
        value: number | null;
      };
      results: components['schemas']['TestCaseResult'][];
    };
    /** EvaluatorVersion */
    EvaluatorVersion: {
      author: string;
      definition: components['schemas']['Evaluator'];
      hash: string;
      id: string;
      labels: string[];
      note: string | null;
      pins?: {
        [key: string]: string;
      };
      /** Format: date-time */
      publishedAt: string;
      variables: string[];
      version: number;
      yaml: string;
    };
    GoldenCaseBody: {
      course?: string;
      given: {
        [key: string]: unknown;
      };
      id: string;
      judgedOn?: string;
      note?: string;
      /** @enum {string} */
      verdict: 'pass' | 'fail';
    };
    GoldenCasesBody: {
      csv: string;
      definition: {
        [key: string]: unknown;
      };
      note?: string;
    };
    /** GoldenSet */
    GoldenSet: {
      cases: {
        course?: string;
        given: {
          [key: string]: unknown;
        };
        id: string;
        judgedOn?: string;
        note?: string;
        /** @enum {unknown} */
        verdict?: 'pass' | 'fail';
        verdicts?: {
          [key: string]: 'pass' | 'fail';
        };
      }[];
      description?: string;
      evaluators: string[];
      given?: {
        [key: string]: unknown;
      };
      id: string;
      /** @constant */
      kind: 'golden-set';
      name?: string;
    };
    /** GoldenSetVersion */
    GoldenSetVersion: {
      author: string;
      definition: components['schemas']['GoldenSet'];
      hash: string;
      id: string;
      labels: string[];
      note: string | null;
      pins?: {
        [key: string]: string;
      };
      /** Format: date-time */
      publishedAt: string;
      variables: string[];
      version: number;
      yaml: string;
    };
    ImageAddressBody: {
      url: string;
    };
    /** Judges */
    Judges: {
      evaluators: {
        asksModel: boolean | null;
        evaluator: string;
      }[];
    };
    JudgesBody: {
      evaluators: string[];
    };
    LabelBody: {
      version: number;
    };
    LateFor: {
      attempt: number;
      /** Format: uuid */
      run: string;
      /** Format: uuid */
      task: string;
    };
    LeaseBody: {
      above?: components['schemas']['RunAboveBody'][];
      amount: number | null;
      /** Format: uuid */
      call: string;
      interrupted?: string[];
      name: string;
      /** Format: uuid */
      run?: string;
      workflow?: string;
    };
    /** LedgerCall */
    LedgerCall: {
      block: string;
      cost: {
        amount: number;
        currency: string;
      } | null;
      doneAt: string | null;
      id: string;
      interruptedAt: string | null;
      interruptedCalls: string[];
      key: string;
      kind: string;
      model: string | null;
      prompt: string | null;
      provider: string | null;
      requestId: string | null;
      run: string | null;
      sample: number;
      /** Format: date-time */
      startedAt: string;
      state: string;
      step: string;
      units: {
        [key: string]: number;
      } | null;
      voice: string | null;
      workflow: string | null;
    };
    /** LedgerSum */
    LedgerSum: {
      ambiguous: number;
      cachedInputTokens: number;
      calls: number;
      characters: number;
      cost: number;
      inputTokens: number;
      /** Format: date-time */
      lastAt: string;
      name: string | null;
      outputTokens: number;
      reasoningTokens: number;
      replays: number;
      saved: number;
      unpriced: number;
    };
    /** LedgerSums */
    LedgerSums: {
      currency: string;
      groups: components['schemas']['LedgerSum'][];
      next?: string;
      total: {
        ambiguous: number;
        cachedInputTokens: number;
        calls: number;
        characters: number;
        cost: number;
        inputTokens: number;
        lastAt: string | null;
        outputTokens: number;
        reasoningTokens: number;
        replays: number;
        saved: number;
        unpriced: number;
      };
    };
    LimitsBody: {
      /** @default 10 */
      concurrency: number;
      maxCost?: number;
    };
    LineBody: {
      language?: string;
      speaker: string;
      text: string;
    };
    ListSourceBody: {
      inputs?: {
        [key: string]: unknown;
      };
      list: string;
      where?: string;
    };
    /** MatchingRuns */
    MatchingRuns: {
      more: boolean;
      runs: {
        /** Format: uuid */
        id: string;
        status: string;
      }[];
    };
    /** MissingTexts */
    MissingTexts: {
      cells: {
        column: string;
        row: number;
      }[];
      count: number;
    };
    NoteBody: {
      note?: string;
    };
    OneDecisionBody: {
      comment?: string;
      /** @enum {string} */
      decision: 'approve' | 'reject';
      edits?: {
        [key: string]: unknown;
      };
      /** Format: uuid */
      task: string;
    };
    /** PastInput */
    PastInput: {
      /** Format: date-time */
      at: string;
      block: string;
      judge: {
        block: string;
        type: string;
        with: {
          [key: string]: unknown;
        };
      } | null;
      key: string;
      reference: string;
      /** Format: uuid */
      run: string;
      score?: number;
      status: string;
      /** Format: uuid */
      task: string;
      workflow: string;
    };
    /** PastInputPage */
    PastInputPage: {
      inputs: components['schemas']['PastInput'][];
      next?: string;
    };
    /** PastPromptComparisons */
    PastPromptComparisons: {
      comparisons: {
        /** Format: date-time */
        at: string;
        better: number;
        hash: string;
        inputs: number;
        prompt: string;
        same: number;
        since: number;
        unjudged: number;
        worse: number;
      }[];
    };
    /** PayloadLineage */
    PayloadLineage: {
      became: {
        block: string;
        tasks: {
          id: string;
          sample: number;
          status: string;
        }[];
        what: string;
        why: {
          [key: string]: unknown;
        };
      }[];
      block: string;
      exists: boolean;
      key: string;
      /** Format: uuid */
      run: string;
      samples: {
        block: string;
        key: string;
        sample: number;
        status: string;
      }[];
      way: {
        block: string;
        editable: boolean;
        key: string;
        ref: unknown;
        state: string;
        task: {
          attempts: {
            /** Format: date-time */
            at: string;
            attempt: number;
            begunAt: string | null;
            error: unknown;
            outcome: string;
            requestedAt: string | null;
            settled: boolean;
            worker: string | null;
          }[];
          /** Format: uuid */
          id: string;
          input: {
            payloads: number | null;
            with: unknown;
          };
          key: string;
          paid: {
            amount: number;
            unpriced: number;
          };
          reusedFrom: string | null;
          sample: number;
          status: string;
        } | null;
        type: string;
        value: unknown;
      }[];
    };
    PayloadOfBlock: {
      blockResults: {
        [key: string]: unknown;
      };
      key?: string;
    };
    /** Peaks */
    Peaks: number[];
    /** PreviewedPrompt */
    PreviewedPrompt: {
      calls: {
        estimate: components['schemas']['CallEstimate'];
        request: unknown;
        step: string;
      }[];
      estimate: components['schemas']['CallEstimate'];
      prompt: string;
      unfilled: string[];
    };
    Problem: {
      code: string;
      detail?: string;
      errors?: {
        code?: string;
        field: string;
        message: string;
      }[];
      requestId?: string;
      status: number;
      title: string;
      /** Format: uri */
      type: string;
    };
    /** Prompt */
    Prompt: {
      description?: string;
      id: string;
      /** @constant */
      kind: 'prompt';
      model: {
        maxOutputTokens?: number;
        name: string;
        /** @enum {unknown} */
        provider?: 'openai' | 'offline';
        /** @enum {unknown} */
        reasoningEffort?: 'minimal' | 'low' | 'medium' | 'high';
        seed?: number;
        stop?: string[];
        temperature?: number;
        topP?: number;
      };
      name?: string;
      output:
        | 'text'
        | {
            schema: {
              [key: string]: unknown;
            };
          };
      steps: {
        generate?: boolean;
        text?: string;
        /** @enum {unknown} */
        type: 'system' | 'user' | 'assistant';
      }[];
    };
    PromptBlockInput: {
      inputs?: {
        [key: string]: unknown;
      };
      payload: components['schemas']['PayloadOfBlock'];
      variables?: {
        [key: string]: unknown;
      };
      with: components['schemas']['PromptOfBlock'];
    };
    PromptCheckBody: {
      definition: {
        [key: string]: unknown;
      };
      known?: string[];
    };
    /** PromptComparison */
    PromptComparison: {
      better: number;
      cost: {
        after: number | null;
        before: number | null;
        change: number | null;
      };
      different: number;
      evaluators: string[];
      from: string;
      mean: {
        high: number | null;
        low: number | null;
        noInterval: ('too-few' | 'all-equal') | null;
        pairs: number;
        value: number | null;
      };
      paid: {
        amount: number;
        saved: number;
        unpriced: number;
      };
      pairs: components['schemas']['ComparedPair'][];
      prompt: string;
      same: number;
      spread: number | null;
      to: string;
      unjudged: number;
      worse: number;
    };
    PromptComparisonBody: {
      evaluators?: string[];
      find?: string;
      from?: string;
      judgements?: number;
      limit?: number;
      /** @enum {string} */
      order?: 'newest' | 'worst';
      prompt: string;
      to?: string;
    };
    /** PromptComparisonEstimate */
    PromptComparisonEstimate: {
      answers: number;
      cost: number | null;
      evaluators: string[];
      inputs: number;
      judgements: number;
    };
    /** PromptFault */
    PromptFault: {
      code?: string;
      field: string;
      fix?: {
        label: string;
        text: string;
      };
      from?: number;
      message: string;
      to?: number;
    } & {
      [key: string]: unknown;
    };
    PromptOfBlock: {
      inputs?: {
        [key: string]: unknown;
      };
      prompt: string;
    };
    PromptPreviewBody: {
      definition?: {
        [key: string]: unknown;
      };
      input?: components['schemas']['PromptBlockInput'];
      leaveUnfilled?: boolean;
      prompt?: string;
      samples?: number;
      variables?: {
        [key: string]: unknown;
      };
    };
    PromptRunBody: {
      above?: components['schemas']['RunAboveBody'][];
      attempt?: number;
      block?: string;
      definition?: {
        [key: string]: unknown;
      };
      /** @default true */
      partial: boolean;
      prompt?: string;
      /** Format: uuid */
      run?: string;
      /** @default 1 */
      sample: number;
      /** Format: uuid */
      task?: string;
      variables: {
        [key: string]: unknown;
      };
      workflow?: string;
    };
    /** PromptScope */
    PromptScope: {
      variables: {
        [key: string]: unknown;
      };
    };
    PromptScopeBody: {
      input: components['schemas']['PromptBlockInput'];
    };
    /** PromptVersion */
    PromptVersion: {
      author: string;
      definition: components['schemas']['Prompt'];
      hash: string;
      id: string;
      labels: string[];
      note: string | null;
      pins?: {
        [key: string]: string;
      };
      /** Format: date-time */
      publishedAt: string;
      variables: string[];
      version: number;
      yaml: string;
    };
    PublishDefinitionBody: {
      definition?: {
        [key: string]: unknown;
      };
      note?: string;
      yaml?: string;
    };
    PublishDraftBody: {
      note?: string;
    };
    /** PublishedDefinition */
    PublishedDefinition: {
      created: boolean;
      id: string;
      version: number;
    };
    /** PublishedSource */
    PublishedSource: {
      created: boolean;
      id: string;
      notes?: components['schemas']['TableNotes'];
      rows: number;
      version: number;
    };
    /** PublishedWorkflow */
    PublishedWorkflow: {
      created: boolean;
      version: number;
      workflow: string;
    };
    /** Range */
    Range: {
      p50: number;
      p90: number;
    };
    RateLimitBody: {
      requests?: number;
      tokens?: number;
    };
    /** Recall */
    Recall: {
      environments: string[];
      episodes: {
        environment: string;
        /** Format: uuid */
        episode: string;
        version: number;
      }[];
      /** Format: uuid */
      id: string;
      input: {
        [key: string]: string;
      };
      reason: string;
      /** Format: date-time */
      recalledAt: string;
      recalledBy: string;
      /** @enum {unknown} */
      remedy: 'unpublish' | 'rollback';
    };
    RecallBody: {
      dryRun?: boolean;
      /**
       * @default [
       *       "dev",
       *       "prod"
       *     ]
       */
      environments: ('dev' | 'prod')[];
      input: components['schemas']['RecallInputBody'];
      /** @default  */
      reason: string;
      /**
       * @default unpublish
       * @enum {string}
       */
      remedy: 'unpublish' | 'rollback';
      seal?: string;
    };
    /** RecallForecast */
    RecallForecast: {
      earlierVersions: number;
      environments: string[];
      episodes: {
        course: string;
        current: boolean;
        environment: string;
        /** Format: uuid */
        id: string;
        node: string;
        slot: number;
        then: number | null;
        title: string;
        version: number;
        wrapper: string;
      }[];
      input: {
        [key: string]: string;
      };
      /** @enum {unknown} */
      remedy: 'unpublish' | 'rollback';
      seal: string;
    };
    RecallInputBody: {
      evaluator?: string;
      model?: string;
      prompt?: string;
      row?: string;
      run?: string;
      voice?: string;
    };
    RedriveBody: {
      ids: string[];
    };
    /** Redriven */
    Redriven: {
      redriven: string[];
      refused: {
        code: string;
        /** Format: uuid */
        id: string;
        message: string;
      }[];
    };
    /** Ref */
    Ref: {
      mediaType: string;
      object: string;
      sizeBytes: number;
    };
    /** ReferenceUses */
    ReferenceUses: {
      references: {
        field: string;
        id: string;
        kind: string;
        reference: string;
        version: number;
      }[];
      runs: {
        reference: string;
        runs: number;
        workflow: string;
      }[];
      workflows: {
        blocks: {
          block: string;
          reference: string;
        }[];
        version: number | null;
        workflow: string;
      }[];
    };
    /** RefusedRows */
    RefusedRows: {
      count: number;
      rows: {
        /** @enum {unknown} */
        change: 'added' | 'changed';
        code: string;
        message: string;
        ordinal: number;
        /** Format: date-time */
        refusedAt: string;
        row: string;
        version: number;
      }[];
    };
    /** Rehearsal */
    Rehearsal: {
      blocks: {
        block: string;
        cost: components['schemas']['Range'] | null;
        references: {
          kind: string;
          reference: string;
        }[];
        tasks: components['schemas']['Range'] | null;
        type: string;
      }[];
      pastRuns: number;
      rows: {
        toRun: number;
        total: number;
      };
      total: {
        cost: components['schemas']['Range'] | null;
        durationMs: components['schemas']['Range'] | null;
      };
    };
    RehearsalBody: {
      /** @default 10 */
      concurrency: number;
      csv?: string;
      /**
       * @default all
       * @enum {string}
       */
      existing: 'all' | 'skip' | 'failed';
      items?: {
        [key: string]: unknown;
      }[];
      maxCost?: number;
      source?: components['schemas']['ListSourceBody'];
      workflow: string;
    };
    RenewalsBody: {
      held: components['schemas']['ClaimName'][];
    };
    /** RenewedClaims */
    RenewedClaims: {
      leaseMs: number;
    };
    RerunBody: {
      edits?: components['schemas']['EditedResultBody'][];
      from?: string;
      inputs?: {
        [key: string]: unknown;
      };
      key?: string;
      /** @default pinned */
      version: string | number;
    };
    /** RerunForecast */
    RerunForecast: {
      blocks: {
        anew: number;
        block: string;
        byInput: number;
        cost: {
          anew: number | null;
          byInput: number | null;
        };
        reused: number;
      }[];
      stops: string | null;
    };
    ResolutionBody: {
      /** @enum {string} */
      decision: 'retry' | 'answer';
      text?: string;
    };
    RestoreBody: {
      revision: number;
    };
    /** RetriedRows */
    RetriedRows: {
      refused: number;
      runs: number;
    };
    /** Review */
    Review: {
      assignees: string[];
      attempt: number;
      block: string;
      claimedBy: string | null;
      claimedUntil: string | null;
      /** Format: date-time */
      createdAt: string;
      decision: {
        [key: string]: unknown;
      } | null;
      dueAt: string | null;
      edits: string | null;
      key: string;
      payload: {
        [key: string]: unknown;
      };
      /** Format: uuid */
      run: string;
      status: string;
      /** Format: uuid */
      task: string;
      title: string | null;
      undoableUntil: string | null;
    };
    RunAboveBody: {
      /** Format: uuid */
      run: string;
      workflow: string;
    };
    /** RunBlock */
    RunBlock: {
      block: string;
      closed: boolean;
      cost: number;
      done: number;
      failed: number;
      good: number;
      openWork: number;
      payloads: number;
      ready: number;
      requested: number;
      skipped: number;
      tasks: number;
      type: string;
      unmatched: number;
      unpriced: number;
    };
    RunCommandsBody: {
      /** @enum {string} */
      command: 'cancel' | 'pause' | 'resume' | 'retry';
      runs: string[];
    };
    /** RunComparison */
    RunComparison: {
      block: string;
      blocks: string[];
      next?: string;
      otherSpent: {
        cost: number;
        unpriced: number;
      };
      payloads: components['schemas']['ComparedPayload'][];
      spent: {
        cost: number;
        unpriced: number;
      };
    };
    /** RunCounts */
    RunCounts: {
      active: number;
      cancelled: number;
      completed: number;
      failed: number;
      partial: number;
      reviews: number;
    };
    /** RunDetail */
    RunDetail: {
      awaitsReview: boolean;
      blocks: components['schemas']['RunBlock'][];
      /** Format: date-time */
      createdAt: string;
      edited: {
        block: string;
        key: string;
      }[];
      endedAt: string | null;
      /** Format: uuid */
      id: string;
      inputs: {
        [key: string]: unknown;
      };
      published: boolean;
      reason: string | null;
      references: {
        block: string;
        kind: string;
        reference: string;
      }[];
      rerunOf: string | null;
      spent: {
        cost: number;
        unpriced: number;
      };
      status: string;
      testOf: ('block' | 'draft') | null;
      version: number;
      workflow: string;
    };
    /** RunEstimate */
    RunEstimate: {
      blocks: {
        basis: string;
        block: string;
        calls: number | null;
        cost: {
          highest: number;
          mean: number;
        } | null;
        runs: number;
        tokens: number | null;
      }[];
      budgets: {
        amount: number | null;
        budget: string;
        per: string;
        tokens: number | null;
      }[];
      currency: string;
      total: {
        highest: number;
        mean: number;
        unknown: string[];
      };
    };
    /** RunHistory */
    RunHistory: {
      next?: string;
      transitions: components['schemas']['RunTransition'][];
    };
    /** RunPayload */
    RunPayload: {
      blockResults: {
        [key: string]: unknown;
      };
      key: string;
      state: string;
    };
    /** RunResults */
    RunResults: {
      block: string;
      next?: string;
      payloads: components['schemas']['RunPayload'][];
    };
    /** RunSummary */
    RunSummary: {
      awaitsReview: boolean;
      /** Format: date-time */
      createdAt: string;
      endedAt: string | null;
      /** Format: uuid */
      id: string;
      inputs: {
        [key: string]: unknown;
      };
      published: boolean;
      reason: string | null;
      status: string;
      testOf: ('block' | 'draft') | null;
      version: number;
      workflow: string;
    };
    /** RunTask */
    RunTask: {
      attempt: number;
      begunAt: string | null;
      block: string;
      endedAt: string | null;
      error: unknown;
      /** Format: uuid */
      id: string;
      key: string;
      makes: string;
      paid: {
        amount: number;
        unpriced: number;
      };
      sample: number;
      score: number | null;
      status: string;
    };
    /** RunTimeline */
    RunTimeline: {
      blocks: {
        block: string;
        /** Format: date-time */
        from: string;
        queuedMs: number;
        tasks: number;
        /** Format: date-time */
        to: string;
        workedMs: number;
      }[];
      busy: {
        /** Format: date-time */
        from: string;
        /** Format: date-time */
        to: string;
      }[];
      /** Format: date-time */
      from: string;
      tasks: components['schemas']['TaskTime'][];
      /** Format: date-time */
      to: string;
    };
    /** RunTransition */
    RunTransition: {
      /** Format: date-time */
      at: string;
      attempt: number | null;
      block: string;
      cause: {
        [key: string]: unknown;
      } | null;
      key: string;
      sample: number | null;
      task: string | null;
      what: string;
      worker: string | null;
    };
    /** RunUpdate */
    RunUpdate: {
      awaitsReview: boolean;
      blocks: {
        block: string;
        closed: boolean;
        cost: number;
        done: number;
        failed: number;
        good: number;
        openWork: number;
        payloads: number;
        ready: number;
        requested: number;
        skipped: number;
        tasks: number;
        unmatched: number;
        unpriced: number;
      }[];
      ended: boolean;
      reason: string | null;
      /** Format: uuid */
      run: string;
      spent: {
        cost: number;
        unpriced: number;
      };
      status: string;
    };
    Sample: {
      files: number;
      inputs: {
        [key: string]: unknown;
      };
      workflow: string;
    };
    /** Schedule */
    Schedule: {
      cron: string;
      error: string | null;
      id: string;
      inputs: {
        [key: string]: unknown;
      };
      lastAt: string | null;
      lastRun: string | null;
      missed: 'skip' | 'run';
      nextAt: string | null;
      paused: boolean;
      timeZone: string;
      upcoming: string[];
      workflow: string;
    };
    ScheduleBody: {
      cron: string;
      inputs?: {
        [key: string]: unknown;
      };
      /**
       * @default skip
       * @enum {string}
       */
      missed: 'skip' | 'run';
      /** @default false */
      paused: boolean;
      /** @default UTC */
      timeZone: string;
      workflow: string;
    };
    ScheduleTimesBody: {
      cron: string;
      /** @default UTC */
      timeZone: string;
    };
    SecondAnswerBody: {
      answer: components['schemas']['AnswerOfClaim'];
    };
    /** SettledLease */
    SettledLease: {
      call: string;
    };
    SettlementBody: {
      amount: number | null;
    };
    SheetRangeBody: {
      columns?: string;
      course?: components['schemas']['CourseHeadBody'];
      /** @default 1 */
      headerRow: number;
      spreadsheet: string;
      tab: string;
      types?: {
        [key: string]: 'text' | 'number' | 'boolean';
      };
    };
    /** SheetSource */
    SheetSource: {
      course: {
        from: string;
        language: string;
        title: string;
      } | null;
      id: string;
      range: {
        columns?: string;
        headerRow: number;
        spreadsheet: string;
        tab: string;
        types?: {
          [key: string]: 'text' | 'number' | 'boolean';
        };
      };
      /** Format: date-time */
      setAt: string;
      setBy: string;
      syncedAt: string | null;
    };
    /** SheetWatch */
    SheetWatch: {
      error: string | null;
      everyMinutes: number;
      id: string;
      inputs: {
        [key: string]: unknown;
      };
      key: string;
      lastAt: string | null;
      lastRuns: number | null;
      mostRuns: number;
      /** Format: date-time */
      nextAt: string;
      paused: boolean;
      refused: components['schemas']['RefusedRows'];
      seenVersion: number | null;
      /** Format: date-time */
      setAt: string;
      setBy: string;
      workflow: string;
    };
    SheetWatchBody: {
      /** @default 15 */
      everyMinutes: number;
      inputs: {
        [key: string]: unknown;
      };
      key: string;
      /** @default 500 */
      mostRuns: number;
      /** @default false */
      paused: boolean;
      workflow: string;
    };
    /** Speech */
    Speech: {
      asked?: components['schemas']['AskedSpeech'];
      audio: components['schemas']['Ref'];
      durationMs: number;
      lines: components['schemas']['SpokenLine'][];
      measures?: components['schemas']['AudioMeasures'];
      peaks: components['schemas']['Ref'];
      voices?: string[];
    };
    SpeechBody: {
      language: string;
      lines: components['schemas']['LineBody'][];
      pace?: number;
      voices?: {
        [key: string]: string;
      };
    };
    /** SpokenLine */
    SpokenLine: {
      endMs: number;
      sentences?: {
        endMs: number;
        startMs: number;
        text: string;
      }[];
      speaker: string;
      startMs: number;
      text: string;
      visemes: {
        endMs: number;
        id: string;
        startMs: number;
      }[];
      words: {
        endMs: number;
        startMs: number;
        text: string;
      }[];
    };
    StartBatchBody: {
      /** @default 10 */
      concurrency: number;
      csv?: string;
      /**
       * @default all
       * @enum {string}
       */
      existing: 'all' | 'skip' | 'failed';
      items?: {
        [key: string]: unknown;
      }[];
      maxCost?: number;
      name?: string;
      source?: components['schemas']['ListSourceBody'];
      workflow: string;
    };
    StartRunBody: {
      inputs?: {
        [key: string]: unknown;
      };
      workflow: string;
    };
    /** StoredAnswers */
    StoredAnswers: {
      stored: boolean[];
    };
    /** StoredImage */
    StoredImage: {
      mediaType: string;
      object: string;
      sizeBytes: number;
    };
    /** SyncedSheet */
    SyncedSheet: {
      created: boolean;
      id: string;
      missing: components['schemas']['MissingTexts'];
      notes?: components['schemas']['TableNotes'];
      rows: number;
      runs?: number;
      version: number;
    };
    /** Table */
    Table: {
      hash: string;
      head: {
        columns: string[];
      };
      id: string;
      /** Format: date-time */
      publishedAt: string;
      rows: number;
      version: number;
    };
    /** TableChanges */
    TableChanges: {
      added: number;
      before: number | null;
      changed: number;
      removed: number;
      rows: {
        /** @enum {unknown} */
        change: 'added' | 'changed' | 'removed';
        columns?: string[];
        id: string;
        ordinal: number;
      }[];
      version: number;
    };
    /** TableNotes */
    TableNotes: {
      count: number;
      notes: {
        message: string;
        place: string;
      }[];
    };
    /** TableRow */
    TableRow: {
      faults?: {
        [key: string]: string;
      };
      ordinal: number;
      value: {
        [key: string]: unknown;
      };
      variants?: {
        [key: string]: string[][];
      };
    };
    /** TaskDetail */
    TaskDetail: {
      attempts: {
        /** Format: date-time */
        at: string;
        attempt: number;
        begunAt: string | null;
        error: unknown;
        outcome: string;
        requestedAt: string | null;
        settled: boolean;
        worker: string | null;
      }[];
      block: string;
      error: unknown;
      /** Format: uuid */
      id: string;
      key: string;
      remedy: string | null;
      /** Format: uuid */
      run: string;
      sample: number;
      status: string;
      traceId: string | null;
    };
    /** TaskInput */
    TaskInput: {
      block: string;
      inputs: {
        [key: string]: unknown;
      };
      payload: {
        blockResults: {
          [key: string]: unknown;
        };
        key: string;
      };
      /** Format: uuid */
      run: string;
      sample: number;
      /** Format: uuid */
      task: string;
      type: string;
      variables: {
        [key: string]: unknown;
      };
      with: {
        [key: string]: unknown;
      };
    };
    /** TaskTime */
    TaskTime: {
      attempt: number;
      begunAt: string | null;
      block: string;
      endedAt: string | null;
      key: string;
      /** Format: date-time */
      requestedAt: string;
      sample: number;
      status: string;
      /** Format: uuid */
      task: string;
    };
    /** TestCaseResult */
    TestCaseResult: {
      case: string;
      course?: string;
      error: {
        code: string;
        message: string;
      } | null;
      /** @enum {unknown} */
      human: 'pass' | 'fail';
      judgedOn?: string;
      reasons: string[];
      score: number | null;
      verdict: ('pass' | 'fail') | null;
      votes: number[];
    };
    TestCasesBody: {
      evaluators?: string[];
      goldenSet: string;
      /** @default 1 */
      repeats: number;
    };
    /** Trigger */
    Trigger: {
      id: string;
      inputs: {
        [key: string]: unknown;
      };
      paused: boolean;
      source: string | null;
      topic: string;
      type: string;
      when: string | null;
      workflow: string;
    };
    TriggerBody: {
      inputs?: {
        [key: string]: unknown;
      };
      /** @default false */
      paused: boolean;
      source?: string;
      topic: string;
      type: string;
      when?: string;
      workflow: string;
    };
    /** TypeWork */
    TypeWork: {
      done: number;
      failed: number;
      failureRate: number | null;
      held: number;
      lastFailure: {
        block: string;
        run: string;
        workflow: string;
      } | null;
      oldestSeen: {
        block: string;
        /** Format: date-time */
        requestedAt: string;
        /** Format: uuid */
        run: string;
        /** Format: uuid */
        task: string;
        workflow: string;
      } | null;
      ready: number;
      requested: number;
      service: string;
      type: string;
    };
    /** Usage */
    Usage: {
      again?: boolean;
      cost: {
        amount: number;
        /** @constant */
        currency: 'USD';
      } | null;
      kind: string;
      ledger?: string;
      model: string;
      provider: string;
      requestId?: string;
      saved: boolean;
      units: {
        [key: string]: number;
      };
    };
    VersionBody: {
      definition?: {
        [key: string]: unknown;
      };
      note?: string;
      yaml?: string;
    };
    /** Voice */
    Voice: {
      character: string;
      gender: string;
      id: string;
      language: string;
    };
    /** WaitingReview */
    WaitingReview: {
      assignees: string[];
      block: string;
      claimedBy: string | null;
      claimedUntil: string | null;
      /** Format: date-time */
      createdAt: string;
      dueAt: string | null;
      key: string;
      /** Format: uuid */
      run: string;
      /** Format: uuid */
      task: string;
      title: string | null;
      workflow: string;
    };
    WorkflowBody: {
      definition?: {
        [key: string]: unknown;
      };
      yaml?: string;
    };
    WorkflowDefinitionBody: {
      definition: {
        [key: string]: unknown;
      };
    };
    /** WorkflowDraft */
    WorkflowDraft: {
      /** Format: date-time */
      at: string;
      by: string;
      definition: {
        [key: string]: unknown;
      };
      errors: {
        code: string;
        field: string;
        message: string;
      }[];
      latest: number | null;
      revision: number;
      workflow: string;
      yaml: string | null;
    };
    /** WorkflowRevision */
    WorkflowRevision: {
      /** Format: date-time */
      at: string;
      by: string;
      definition: {
        [key: string]: unknown;
      };
      revision: number;
      version: number | null;
      yaml: string | null;
    };
    /** WorkflowRun */
    WorkflowRun: {
      awaitsReview: boolean;
      blocks: components['schemas']['RunBlock'][];
      /** Format: date-time */
      createdAt: string;
      endedAt: string | null;
      /** Format: uuid */
      id: string;
      inputs: {
        [key: string]: unknown;
      };
      published: boolean;
      reason: string | null;
      status: string;
      testOf: ('block' | 'draft') | null;
      version: number;
      workflow: string;
    };
    /** WorkflowSummary */
    WorkflowSummary: {
      draft: {
        at: string;
        by: string;
        revision: number;
      } | null;
      id: string;
      lastRun: {
        awaitsReview: boolean;
        createdAt: string;
        /** Format: uuid */
        id: string;
        status: string;
        testOf: ('block' | 'draft') | null;
      } | null;
      latest: number | null;
      name: string | null;
      nextRunAt: string | null;
      publishedAt: string | null;
    };
    /** WorkflowUses */
    WorkflowUses: {
      batches: {
        /** Format: uuid */
        batch: string;
        name: string | null;
        status: string;
        version: number;
      }[];
      runs: {
        runs: number;
        version: number;
      }[];
      schedules: {
        nextAt: string | null;
        paused: boolean;
        reference: string;
        schedule: string;
      }[];
      triggers: {
        paused: boolean;
        reference: string;
        trigger: string;
        type: string;
      }[];
      workflows: {
        blocks: {
          block: string;
          reference: string;
        }[];
        version: number | null;
        workflow: string;
      }[];
    };
    /** WorkflowVersion */
    WorkflowVersion: {
      definition: unknown;
      version: number;
      workflow: string;
      yaml: string | null;
    };
    /** WorkflowVersions */
    WorkflowVersions: {
      versions: {
        /** Format: date-time */
        at: string;
        author: string | null;
        note: string | null;
        published: boolean;
        revision: number | null;
        version: number;
      }[];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  BatchesController_list: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            batches: components['schemas']['Batch'][];
            next?: string;
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_start: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
        'X-DuoFactory-User'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['StartBatchBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Batch'];
        };
      };
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Batch'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_rehearse: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RehearsalBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Rehearsal'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Batch'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_limit: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LimitsBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_cancel: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_items: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        status?: 'waiting' | 'running' | 'completed' | 'partial' | 'failed' | 'cancelled' | 'skipped';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_pause: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_resume: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BatchesController_retry: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BlockTypesController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BlockTypes'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BlockTypesController_work: {
    parameters: {
      query?: {
        hours?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BlockTypeWork'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BudgetsController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BudgetsController_lease: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LeaseBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BudgetLease'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BudgetsController_settle: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        call: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SettlementBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SettledLease'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BudgetsController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BudgetsController_put: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BudgetBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BudgetsController_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CourseDataController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            courses: components['schemas']['CourseData'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CourseDataController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CourseDataDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CourseDataController_publish: {
    parameters: {
      query?: {
        title?: string;
        language?: string;
        from?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json':
          | {
              [key: string]: unknown;
            }
          | string;
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet':
          | {
              [key: string]: unknown;
            }
          | string;
        'application/x-ndjson':
          | {
              [key: string]: unknown;
            }
          | string;
        'text/csv':
          | {
              [key: string]: unknown;
            }
          | string;
        'text/tab-separated-values':
          | {
              [key: string]: unknown;
            }
          | string;
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedSource'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_courses: {
    parameters: {
      query?: {
        environment?: 'dev' | 'prod';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            courses: components['schemas']['CatalogCourse'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DeadLettersController_list: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            deadLetters: components['schemas']['DeadLetter'][];
            next?: string;
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DeadLettersController_redriveAll: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RedriveBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Redriven'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DeadLettersController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeadLetterEnvelope'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DeadLettersController_redrive: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeadLetterEnvelope'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EditorsController_list: {
    parameters: {
      query: {
        place: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Editors'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EditorsController_types: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        tab: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EditedPlace'];
      };
    };
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EditorsController_leaves: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tab: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_environments: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            environments: string[];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_episodes: {
    parameters: {
      query?: {
        course?: string;
        node?: string;
        level?: string;
        wrapper?: string;
        status?: 'publishing' | 'published' | 'unpublished' | 'recalled';
        slot?: number;
        name?: string;
        minViability?: number;
        maxViability?: number;
        schemaVersion?: number;
        pipelineStatus?: 'running' | 'completed' | 'partial' | 'failed' | 'cancelled';
        run?: string;
        changedSince?: string;
        environment?: 'dev' | 'prod';
        cursor?: string;
        limit?: number;
        order?: 'changed' | 'place';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            episodes: components['schemas']['EpisodeSummary'][];
            next?: string;
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EpisodeActionsController_act: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EpisodeActionsBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            changed: number;
            refused: number;
            results: components['schemas']['EpisodeActionResult'][];
            unchanged: number;
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_export: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EpisodesBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_groups: {
    parameters: {
      query: {
        course?: string;
        node?: string;
        level?: string;
        wrapper?: string;
        status?: 'publishing' | 'published' | 'unpublished' | 'recalled';
        slot?: number;
        name?: string;
        minViability?: number;
        maxViability?: number;
        schemaVersion?: number;
        pipelineStatus?: 'running' | 'completed' | 'partial' | 'failed' | 'cancelled';
        run?: string;
        changedSince?: string;
        environment?: 'dev' | 'prod';
        by:
          | 'course'
          | 'node'
          | 'level'
          | 'wrapper'
          | 'status'
          | 'slot'
          | 'schemaVersion'
          | 'pipelineStatus'
          | 'run';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            groups: components['schemas']['EpisodeGroup'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EpisodeActionsController_review: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EpisodesBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            asked: number;
            refused: number;
            results: components['schemas']['EpisodeReviewResult'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_show: {
    parameters: {
      query?: {
        environment?: 'dev' | 'prod';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EpisodeDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EpisodeActionsController_change: {
    parameters: {
      query?: {
        environment?: 'dev' | 'prod';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EpisodeChangeBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EpisodeSummary'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_audio: {
    parameters: {
      query?: {
        environment?: 'dev' | 'prod';
        version?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_document: {
    parameters: {
      query?: {
        environment?: 'dev' | 'prod';
        version?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Episode'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_versions: {
    parameters: {
      query?: {
        environment?: 'dev' | 'prod';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['EpisodeVersion'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'list-evaluator-tests': {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        goldenSet?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            tests: components['schemas']['EvaluatorTest'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  batch_run_test_cases: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TestCasesBody'];
      };
    };
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EvaluatorTest'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'show-evaluator-test': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EvaluatorTestReport'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'agreement-of-evaluator-test': {
    parameters: {
      query: {
        evaluator: string;
        passAt: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EvaluatorAgreement'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'list-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            evaluators: components['schemas']['DefinitionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'read-judges': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['JudgesBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Judges'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'validate-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DefinitionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            errors: components['schemas']['DefinitionFault'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'show-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EvaluatorVersion'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'diff-evaluators': {
    parameters: {
      query: {
        from: string;
        to: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDiff'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'draft-of-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'save-draft-of-evaluators': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-None-Match'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DefinitionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'delete-draft-of-evaluators': {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'changes-of-draft-of-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DraftChanges'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'publish-draft-of-evaluators': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PublishDraftBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedDefinition'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'restore-draft-of-evaluators': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-None-Match'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RestoreBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'revisions-of-evaluators': {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            revisions: components['schemas']['DraftRevision'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'revision-of-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        revision: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DraftRevisionContent'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'label-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        label: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LabelBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'unlabel-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        label: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'versions-of-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'publish-evaluators': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PublishDefinitionBody'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedDefinition'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'yaml-of-evaluators': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ExportsController_download: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        hash: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': string;
          'application/x-ndjson': string;
          'text/csv': string;
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'list-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            'golden-sets': components['schemas']['DefinitionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'validate-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DefinitionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            errors: components['schemas']['DefinitionFault'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'show-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GoldenSetVersion'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'diff-golden-sets': {
    parameters: {
      query: {
        from: string;
        to: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDiff'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'draft-of-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'save-draft-of-golden-sets': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-None-Match'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DefinitionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'delete-draft-of-golden-sets': {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'add-golden-case': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['GoldenCaseBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'changes-of-draft-of-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DraftChanges'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'publish-draft-of-golden-sets': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PublishDraftBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedDefinition'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'restore-draft-of-golden-sets': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-None-Match'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RestoreBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'revisions-of-golden-sets': {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            revisions: components['schemas']['DraftRevision'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'revision-of-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        revision: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DraftRevisionContent'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'label-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        label: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LabelBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'unlabel-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        label: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'publish-golden-set-from-sheet': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['GoldenCasesBody'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedDefinition'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'versions-of-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'publish-golden-sets': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PublishDefinitionBody'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedDefinition'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'yaml-of-golden-sets': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  LedgerController_sums: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        run?: string;
        workflow?: string;
        block?: string;
        prompt?: string;
        model?: string;
        kind?: 'model' | 'speech';
        voice?: string;
        since?: string;
        until?: string;
        by?: 'run' | 'workflow' | 'block' | 'prompt' | 'model' | 'voice' | 'engine' | 'kind' | 'day';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LedgerSums'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  LedgerController_calls: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        run?: string;
        workflow?: string;
        block?: string;
        prompt?: string;
        model?: string;
        kind?: 'model' | 'speech';
        voice?: string;
        since?: string;
        until?: string;
        state?: 'pending' | 'done' | 'ambiguous' | 'released' | 'interrupted';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            calls: components['schemas']['LedgerCall'][];
            next?: string;
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  LedgerController_call: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LedgerCall'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  LedgerController_resolve: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ResolutionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LedgerCall'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ClaimsController_claim: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ClaimsBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ClaimedEffects'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ClaimsController_record: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AnswersBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StoredAnswers'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ClaimsController_end: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EndingBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EndedClaim'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ClaimsController_renew: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RenewalsBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RenewedClaims'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ClaimsController_second: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SecondAnswerBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CountingAnswer'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EstimatesController_execute: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EstimateBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunEstimate'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CatalogController_nodes: {
    parameters: {
      query?: {
        environment?: 'dev' | 'prod';
        course?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            nodes: components['schemas']['CatalogNode'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'list-prompt-comparisons': {
    parameters: {
      query: {
        prompt: string;
        since?: number;
        hash?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PastPromptComparisons'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'compare-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PromptComparisonBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PromptComparison'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'estimate-prompt-comparison': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PromptComparisonBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PromptComparisonEstimate'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PromptRunsController_run: {
    parameters: {
      query?: never;
      header: {
        'Idempotency-Key': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PromptRunBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AskedPrompt'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PromptRunsController_check: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PromptCheckBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CheckedPrompt'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PromptRunsController_image: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'image/gif': string;
        'image/jpeg': string;
        'image/png': string;
        'image/webp': string;
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StoredImage'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PromptRunsController_fetchedImage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ImageAddressBody'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StoredImage'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PromptRunsController_preview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PromptPreviewBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PreviewedPrompt'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PromptRunsController_variables: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PromptScopeBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PromptScope'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'list-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            prompts: components['schemas']['DefinitionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'validate-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DefinitionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            errors: components['schemas']['DefinitionFault'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'show-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PromptVersion'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'diff-prompts': {
    parameters: {
      query: {
        from: string;
        to: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDiff'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'draft-of-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'save-draft-of-prompts': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-None-Match'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DefinitionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'delete-draft-of-prompts': {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'changes-of-draft-of-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DraftChanges'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'publish-draft-of-prompts': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PublishDraftBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedDefinition'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'restore-draft-of-prompts': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-None-Match'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RestoreBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'revisions-of-prompts': {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            revisions: components['schemas']['DraftRevision'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'revision-of-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        revision: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DraftRevisionContent'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'label-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        label: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LabelBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'unlabel-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        label: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'versions-of-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            versions: components['schemas']['DefinitionVersionSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'publish-prompts': {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PublishDefinitionBody'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedDefinition'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  'yaml-of-prompts': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RateLimitsController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RateLimitsController_put: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RateLimitBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RateLimitsController_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        model: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RecallsController_list: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            recalls: components['schemas']['Recall'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RecallsController_recall: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RecallBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecallForecast'] | components['schemas']['Recall'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RecallsController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Recall'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReferencesController_inputs: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        workflow?: string;
        find?: string;
        order?: 'newest' | 'worst';
        maxScore?: number;
      };
      header?: never;
      path: {
        kind: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PastInputPage'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReferencesController_uses: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        kind: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReferenceUses'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_list: {
    parameters: {
      query?: {
        assignee?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            reviews: components['schemas']['Review'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_decideTogether: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DecisionsBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            reviews: components['schemas']['Review'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_queue: {
    parameters: {
      query?: {
        assignee?: string;
        limit?: number;
        assigned?: boolean;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            reviews: components['schemas']['WaitingReview'][];
            total: number;
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        task: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Review'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_assign: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        task: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AssigneesBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Review'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_claim: {
    parameters: {
      query?: {
        seconds?: number;
      };
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        task: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Review'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_release: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        task: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Review'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_decide: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        task: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DecisionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Review'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ReviewsController_undo: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        task: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Review'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_list: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        workflow?: string;
        status?: (
          | 'active'
          | 'queued'
          | 'running'
          | 'paused'
          | 'stopping'
          | 'completed'
          | 'partial'
          | 'failed'
          | 'cancelled'
        )[];
        endedSince?: string;
        awaitsReview?: boolean;
        tests?: 'without' | 'with' | 'only';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            runs: components['schemas']['RunSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_start: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['StartRunBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ManyRunsController_command: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RunCommandsBody'];
      };
    };
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CommandedRuns'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  LiveRunsController_counts: {
    parameters: {
      query?: {
        since?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunCounts'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  LiveRunsController_events: {
    parameters: {
      query?: {
        runs?: string;
        editing?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['RunUpdate']
            | components['schemas']['CatalogUpdate']
            | components['schemas']['Editors'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ManyRunsController_matching: {
    parameters: {
      query?: {
        workflow?: string;
        status?: (
          | 'active'
          | 'queued'
          | 'running'
          | 'paused'
          | 'stopping'
          | 'completed'
          | 'partial'
          | 'failed'
          | 'cancelled'
        )[];
        endedSince?: string;
        awaitsReview?: boolean;
        tests?: 'without' | 'with' | 'only';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MatchingRuns'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_cancel: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  HistoryController_comparison: {
    parameters: {
      query: {
        cursor?: string;
        limit?: number;
        with: string;
        block?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunComparison'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_events: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  HistoryController_history: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        block?: string;
        key?: string;
        task?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunHistory'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  HistoryController_lineage: {
    parameters: {
      query: {
        block: string;
        key?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PayloadLineage'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_pause: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RerunsController_start: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RerunBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RerunsController_forecast: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RerunBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RerunForecast'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_results: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        block?: string;
        key?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunResults'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_result: {
    parameters: {
      query: {
        block: string;
        key: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_resume: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_retry: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_scenario: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RunsController_tasks: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
        block?: string;
        status?: (
          'evaluating' | 'ready' | 'requested' | 'backoff' | 'done' | 'failed' | 'dropped' | 'kept'
        )[];
        find?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            tasks: components['schemas']['RunTask'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  HistoryController_timeline: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        block?: string;
        limit?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunTimeline'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  applySample: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Sample'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SchedulesController_list: {
    parameters: {
      query?: {
        workflow?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            schedules: components['schemas']['Schedule'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SchedulesController_times: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ScheduleTimesBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            times: string[];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SchedulesController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SchedulesController_put: {
    parameters: {
      query?: never;
      header?: {
        'If-None-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ScheduleBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SchedulesController_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SourcesController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            sources: components['schemas']['SheetSource'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SourcesController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SheetSource'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SourcesController_put: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SheetRangeBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SheetSource'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SourcesController_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SourcesController_sync: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SyncedSheet'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WatchesController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SheetWatch'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WatchesController_put: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SheetWatchBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SheetWatch'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WatchesController_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WatchesController_retry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RetriedRows'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SpeechController_speak: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SpeechBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Speech'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SpeechController_audio: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        hash: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SpeechController_peaks: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        hash: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Peaks'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TablesController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            tables: components['schemas']['Table'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TablesController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Table'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TablesController_publish: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': string;
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': string;
        'application/x-ndjson': string;
        'text/csv': string;
        'text/tab-separated-values': string;
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedSource'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TablesController_changes: {
    parameters: {
      query?: {
        key?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TableChanges'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TablesController_missing: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MissingTexts'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TablesController_rows: {
    parameters: {
      query?: {
        cursor?: number;
        limit?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: number;
            rows: components['schemas']['TableRow'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TasksController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TasksController_input: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskInput'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TasksController_payloads: {
    parameters: {
      query?: {
        from?: number;
        limit?: number;
        results?: 'each' | 'shared';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TasksController_provenance: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TasksController_review: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TriggersController_list: {
    parameters: {
      query?: {
        workflow?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            triggers: components['schemas']['Trigger'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TriggersController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trigger'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TriggersController_put: {
    parameters: {
      query?: never;
      header?: {
        'If-None-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TriggerBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trigger'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  TriggersController_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SpeechController_voices: {
    parameters: {
      query: {
        language: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            voices: components['schemas']['Voice'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WorkflowsController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            workflows: components['schemas']['WorkflowSummary'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WorkflowsController_validate: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WorkflowDefinitionBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DefinitionFaults'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WorkflowsController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowVersion'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BlockTestsController_start: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BlockTestBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DraftsController_show: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DraftsController_save: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-None-Match'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WorkflowBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowDraft'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DraftsController_delete: {
    parameters: {
      query?: never;
      header?: {
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DraftsController_changes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DraftChanges'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DraftsController_publish: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
        'If-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NoteBody'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedWorkflow'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DraftsController_revisions: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            next?: string;
            revisions: components['schemas']['DraftRevision'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  DraftsController_revision: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        revision: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowRevision'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WorkflowsController_runs: {
    parameters: {
      query?: {
        limit?: number;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            runs: components['schemas']['WorkflowRun'][];
          };
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WorkflowsController_uses: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowUses'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WorkflowsController_versions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowVersions'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WorkflowsController_publish: {
    parameters: {
      query?: never;
      header?: {
        'X-DuoFactory-User'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['VersionBody'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedWorkflow'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  WorkflowsController_version: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkflowVersion'];
        };
      };
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
