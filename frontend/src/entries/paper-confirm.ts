import "../elements/file-hash";
