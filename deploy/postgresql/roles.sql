-- The database, the owner of its tables, the service, which owns nothing, and the replica.
-- psql reads it as a superuser, with --set owner_password=..., app_password=..., and
-- replication_password=...
CREATE ROLE tracker_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE tracker_app LOGIN PASSWORD :'app_password';
CREATE ROLE tracker_replica LOGIN REPLICATION PASSWORD :'replication_password';
CREATE DATABASE tracker OWNER tracker_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
\connect tracker
REVOKE ALL ON DATABASE tracker FROM PUBLIC;
GRANT CONNECT ON DATABASE tracker TO tracker_app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO tracker_owner;
GRANT USAGE ON SCHEMA public TO tracker_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tracker_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tracker_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tracker_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO tracker_app;
