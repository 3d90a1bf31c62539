import type { Database } from '@duofactory/platform';

/**
 * Invariants that no look at the tables afterwards could show, because what broke them is overwritten since. Triggers
 * of the play's own schema watch each row as it changes; a broken one ends the transaction, and the play, with its
 * number.
 */
const WATCHES = `
  CREATE FUNCTION watch_results() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'invariant 2: the result of % "%" is written again', OLD.block, OLD.key;
  END $$;
  CREATE TRIGGER watch BEFORE UPDATE OR DELETE ON results FOR EACH ROW EXECUTE FUNCTION watch_results();

  CREATE FUNCTION watch_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    -- Claimed in this transaction, before its result was looked at; or the expression of its loop has thrown.
    IF OLD.xmin = pg_current_xact_id()::xid OR EXISTS (SELECT 1 FROM groups
      WHERE run = OLD.run AND block = OLD.block AND key = OLD.key AND state = 'deciding') THEN RETURN NEW;
    END IF;
    RAISE EXCEPTION 'invariant 1: task % "%" % is % and becomes %', OLD.block, OLD.key, OLD.sample, OLD.status, NEW.status;
  END $$;
  CREATE TRIGGER watch_settled BEFORE UPDATE ON tasks FOR EACH ROW
    WHEN (OLD.status IN ('done', 'dropped', 'kept') AND NEW.status <> OLD.status) EXECUTE FUNCTION watch_settled();

  CREATE FUNCTION watch_requests() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE run_is text;
  BEGIN
    SELECT status INTO run_is FROM runs WHERE id = NEW.run;
    IF run_is <> 'running' AND EXISTS (SELECT 1 FROM tasks WHERE id = NEW.id AND status = 'requested') THEN
      RAISE EXCEPTION 'invariant 8: task % "%" % is requested of a run that is %', NEW.block, NEW.key, NEW.sample, run_is;
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER watch_new_requests AFTER INSERT ON tasks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.status = 'requested') EXECUTE FUNCTION watch_requests();
  CREATE CONSTRAINT TRIGGER watch_requests AFTER UPDATE ON tasks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.status = 'requested' AND OLD.status <> 'requested') EXECUTE FUNCTION watch_requests();

  CREATE FUNCTION watch_fired() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'invariant 5: group % "%" fires with open work %', OLD.block, OLD.key, OLD.open_work;
  END $$;
  CREATE TRIGGER watch_fired BEFORE UPDATE ON groups FOR EACH ROW
    WHEN (OLD.state = 'open' AND NEW.state = 'fired' AND OLD.open_work <> 0) EXECUTE FUNCTION watch_fired();

  CREATE FUNCTION watch_arrivals() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE group_is text;
  BEGIN
    SELECT state INTO group_is FROM groups WHERE run = NEW.run AND block = NEW.block AND key = NEW."group";
    IF group_is <> 'open' THEN
      RAISE EXCEPTION 'invariant 5: "%" of % arrives at group % "%" that is %', NEW.key, NEW.need, NEW.block, NEW."group", group_is;
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER watch AFTER INSERT ON waiting FOR EACH ROW EXECUTE FUNCTION watch_arrivals();

  CREATE FUNCTION watch_ended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'invariant 9: the run is % and changes', OLD.status;
  END $$;
  CREATE TRIGGER watch BEFORE UPDATE ON runs FOR EACH ROW
    WHEN (OLD.status IN ('completed', 'partial')) EXECUTE FUNCTION watch_ended();
`;

export async function watchInvariants(database: Database): Promise<void> {
  await database.query({ text: WATCHES });
}
