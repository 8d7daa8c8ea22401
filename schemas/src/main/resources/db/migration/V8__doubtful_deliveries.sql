-- Outcomes are told to authentik as well, from the same table: its rows bear the endpoint "@authentik", which no
-- webhook can be named. It knows no id by which it would tell a repeated outcome from a new one, so that a row says
-- whether an earlier try may have told it. Set before each try, and taken back when it is known that the try told
-- nothing: what a crash leaves behind is in doubt.
ALTER TABLE webhook_delivery ADD COLUMN doubt boolean NOT NULL DEFAULT false;
