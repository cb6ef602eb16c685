# Every test file dot-sources this in its BeforeAll. It imports the staged module, makes sure that only databases of the test are used, and
# has what tests share: waiting for a condition, starting other processes, and reading a database without the module's cmdlets.
$ModulePath = (Resolve-Path (Join-Path $PSScriptRoot '../../Lythonic.Dag.psd1')).Path
$RepositoryRoot = Split-Path $ModulePath
# The shell that runs the suite: a program, or the pwsh.dll of the .NET tool, which is run by dotnet.
$PwshPath = [Environment]::ProcessPath
$PwshArguments = @(if ((Split-Path $PwshPath -LeafBase) -ne 'pwsh') { Join-Path $PSHOME 'pwsh.dll' })
$SavedEnvironment = @{ LYTHONIC_DAG_DB = $env:LYTHONIC_DAG_DB; XDG_DATA_HOME = $env:XDG_DATA_HOME }
# Not in TestDrive: Pester fails where a file is gone that it is about to remove, and a database that is closed takes two files with it.
$DatabaseFolder = [IO.Directory]::CreateTempSubdirectory('lythonic-dag-test-').FullName
$env:LYTHONIC_DAG_DB = Join-Path $DatabaseFolder 'session.db'
$env:XDG_DATA_HOME = Join-Path $TestDrive 'data'
# A test begins with PowerShell's default preferences, whatever the caller of the suite has set.
$ErrorActionPreference = 'Continue'
Import-Module $ModulePath -Force

function Restore-TestSession {
    foreach ($name in $SavedEnvironment.Keys) { [Environment]::SetEnvironmentVariable($name, $SavedEnvironment[$name]) }
    Remove-Item $DatabaseFolder -Recurse -Force -ErrorAction Ignore
}

function New-DatabasePath { Join-Path $DatabaseFolder "$([guid]::NewGuid().ToString('n')).db" }

function Wait-Until([scriptblock]$Condition, [string]$What = "$Condition", [int]$Seconds = 300) {
    $deadline = [datetime]::UtcNow.AddSeconds($Seconds)
    while (-not (& $Condition)) {
        if ([datetime]::UtcNow -gt $deadline) { throw "Not within $Seconds s: $What" }
        Start-Sleep -Milliseconds 20
    }
}

function New-ChildScript([string]$Script) {
    $path = Join-Path $TestDrive "$([guid]::NewGuid().ToString('n')).ps1"
    Set-Content $path "`$ErrorActionPreference = 'Stop'`nImport-Module '$ModulePath'`n$Script"
    $path
}

# Runs a script in a process of its own, and returns what it wrote.
function Invoke-ChildPwsh([string]$Script) {
    $output = & $PwshPath @PwshArguments -NoProfile -NonInteractive -File (New-ChildScript $Script) 2>&1
    if ($LASTEXITCODE) { throw "The child ended with $LASTEXITCODE`: $($output | Out-String)" }
    $output
}

# Begins a script in a process of its own, and returns the process, which has the path of its output.
function Start-ChildPwsh([string]$Script) {
    $path = New-ChildScript $Script
    $process = Start-Process $PwshPath -ArgumentList ($PwshArguments + '-NoProfile', '-NonInteractive', '-File', $path).ForEach({ "`"$_`"" }) -PassThru -RedirectStandardOutput "$path.out" -RedirectStandardError "$path.err"
    # Get the handle now: without it the exit code is lost when the process ends.
    $null = $process.Handle
    $process | Add-Member OutputPath "$path.out" -PassThru
}

# A database, opened with the SQLite that the module brings.
function Open-Store([string]$Database, [string]$Mode) {
    $null = Get-DagRun -DatabasePath $Database -First 1
    $type = [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetType('Microsoft.Data.Sqlite.SqliteConnection') } | Select-Object -First 1
    $connection = [Activator]::CreateInstance($type, "Data Source=$Database;Mode=$Mode;Pooling=False")
    $connection.Open()
    $connection
}

# Gives all node runs of a database the same duration. On a busy machine, equal runs may differ in it.
function Set-EqualDuration([string]$Database) {
    $connection = Open-Store $Database ReadWrite
    try {
        $command = $connection.CreateCommand()
        $command.CommandText = 'UPDATE node_run SET finished_at = started_at'
        $null = $command.ExecuteNonQuery()
    }
    finally { $connection.Dispose() }
}

# Reads a database.
function Invoke-StoreQuery([string]$Database, [string]$Sql, [hashtable]$Parameter = @{}) {
    $connection = Open-Store $Database ReadOnly
    try {
        $command = $connection.CreateCommand()
        $command.CommandText = $Sql
        foreach ($name in $Parameter.Keys) { $null = $command.Parameters.AddWithValue(":$name", $Parameter[$name]) }
        $reader = $command.ExecuteReader()
        while ($reader.Read()) {
            $row = [ordered]@{}
            for ($i = 0; $i -lt $reader.FieldCount; $i++) { $row[$reader.GetName($i)] = $reader.IsDBNull($i) ? $null : $reader.GetValue($i) }
            [pscustomobject]$row
        }
    }
    finally { $connection.Dispose() }
}
