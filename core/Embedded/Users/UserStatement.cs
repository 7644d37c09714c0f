using Microsoft.Data.Sqlite;

namespace ServerlessRec.Embedded.Users;

/// <summary>A prepared statement with the parameters its text names.</summary>
internal sealed class UserStatement
{
    private static readonly string[] Names = ["$user", "$etag", "$deleted", "$state", "$expected", "$count"];

    private readonly SqliteCommand _command;
    private readonly SqliteParameter?[] _parameters = new SqliteParameter?[Names.Length];

    public UserStatement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 0; i < Names.Length; i++)
        {
            if (sql.Contains(Names[i], StringComparison.Ordinal))
            {
                _parameters[i] = _command.CreateParameter();
                _parameters[i]!.ParameterName = Names[i];
                _command.Parameters.Add(_parameters[i]!);
            }
        }

        _command.Prepare();
    }

    public string User
    {
        set => _parameters[0]!.Value = value;
    }

    public long Expected
    {
        set => _parameters[4]!.Value = value;
    }

    public int Count
    {
        set => _parameters[5]!.Value = value;
    }

    public void Set(EncodedWrite write, long etag)
    {
        _parameters[0]!.Value = write.UserId;
        _parameters[1]!.Value = etag;
        _parameters[2]!.Value = write.IsDeleted ? 1L : 0L;
        _parameters[3]!.Value = write.State;
    }

    public int Execute() => _command.ExecuteNonQuery();

    public SqliteDataReader Query() => _command.ExecuteReader();
}
