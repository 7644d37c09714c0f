using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Embedded.Users;

/// <summary>The SQLite file and its sessions: each call borrows one, so prepared statements are made once and never shared by two threads.</summary>
internal sealed class UserDatabase : IDisposable
{
    private readonly ConcurrentBag<UserSession> _idle = [];
    private readonly string _file;
    private volatile bool _closed;

    public UserDatabase(string file)
    {
        _file = file;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserStoreException($"The folder of '{file}' cannot be made: {error.Message}", error);
        }

        Use(session => session.Read(""));
    }

    public T Use<T>(Func<UserSession, T> call)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        UserSession? session = null;
        try
        {
            if (!_idle.TryTake(out session))
            {
                session = UserSession.Open(_file);
            }

            var result = call(session);
            _idle.Add(session);
            return result;
        }
        catch (Exception error) when (error is SqliteException or FormatException)
        {
            session?.Dispose();
            throw new UserStoreException($"User store '{_file}': {error.Message}", error);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }
}
