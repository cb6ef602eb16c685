using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>A database where nothing can be written: a medium, a folder or a file that is read-only.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReadOnlyTests : IDisposable
{
    private const UnixFileMode ReadFile = UnixFileMode.UserRead;
    private const UnixFileMode ReadFolder = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxTheory("a process that is not allowed to write is made with a Linux tool")]
    [InlineData("runs.db")]
    [InlineData("[x] %41#?&é.db")]
    public async Task In_a_folder_that_is_read_only_a_database_is_read_and_a_run_is_refused(string name)
    {
        var database = await RunIn("media", name);

        Assert.Equal(["completed 7", "DagDatabaseInvalid: The database * cannot be written*"],
            await ReadAsync(database, ReadFolder, ReadFile));
        Assert.Equal([database], Directory.GetFileSystemEntries(Path.GetDirectoryName(database)!));
    }

    [LinuxFact("a process that is not allowed to write is made with a Linux tool")]
    public async Task A_file_that_is_read_only_is_read_and_a_run_is_refused()
    {
        var database = await RunIn("folder", "runs.db");

        Assert.Equal(["completed 7", "DagDatabaseInvalid: The database * cannot be written*"],
            await ReadAsync(database, ReadFolder | UnixFileMode.UserWrite, ReadFile));
    }

    [LinuxFact("a process that is not allowed to write is made with a Linux tool")]
    public async Task What_a_process_that_is_gone_left_beside_the_database_is_read_too()
    {
        using var live = new SqliteProvenance(_folder.Database);
        SqliteConnection? held = null;
        await new DagRunner(ChildProcess.OneNode(() => Hold(out held, 7)), live).RunAsync();
        Directory.CreateDirectory(_folder.PathOf("copy"));
        foreach (var file in Directory.GetFiles(_folder.PathOf(""), "runs.db*"))
            File.Copy(file, Path.Combine(_folder.PathOf("copy"), Path.GetFileName(file)));

        held!.Dispose();
        Assert.Equal("completed 7", (await ReadAsync(Path.Combine(_folder.PathOf("copy"), "runs.db"), ReadFolder, ReadFile))[0]);
    }

    // The connection that closes last removes the files beside the database, and the store may close its own when it is idle.
    private int Hold(out SqliteConnection held, int value)
    {
        held = _folder.Open();
        using var command = held.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema";
        command.ExecuteScalar();
        return value;
    }

    private async Task<string> RunIn(string folder, string name)
    {
        var database = Path.Combine(Directory.CreateDirectory(_folder.PathOf(folder)).FullName, name);
        using var store = new SqliteProvenance(database);
        await new DagRunner(ChildProcess.OneNode(() => 7), store).RunAsync();
        return database;
    }

    private static async Task<string[]> ReadAsync(string database, UnixFileMode folderMode, UnixFileMode fileMode)
    {
        var folder = Path.GetDirectoryName(database)!;
        foreach (var file in Directory.GetFiles(folder))
            File.SetUnixFileMode(file, fileMode);
        File.SetUnixFileMode(folder, folderMode);
        try
        {
            using var reader = ChildProcess.StartBound("read", database);
            var said = await reader.StandardOutput.ReadToEndAsync();
            await reader.WaitForExitAsync();
            return [.. said.TrimEnd().Split('\n').Select(line => line.Replace(database, "*", StringComparison.Ordinal))
                .Select(line => line.IndexOf("cannot be written", StringComparison.Ordinal) is var at and > 0
                    ? line[..at] + "cannot be written*"
                    : line)];
        }
        finally
        {
            File.SetUnixFileMode(folder, ReadFolder | UnixFileMode.UserWrite);
        }
    }
}
