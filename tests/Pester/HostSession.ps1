# Test files of hosts dot-source this after TestSession.ps1. It starts real servers, and child processes that have the same functions.
$HostsFolder = Join-Path $RepositoryRoot 'tests/Hosts'
# A second process of the PowerShell that runs the suite, as a server of the remoting protocol.
$ServerWords = @($PwshPath) + $PwshArguments

function Start-TestServers([int]$Count = 1, [string[]]$Subsystem = ($ServerWords + '-sshs', '-NoLogo', '-NoProfile')) {
    $folder = Join-Path $TestDrive "sshd-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
    # The servers inherit the open handles of the script.
    sh (Join-Path $HostsFolder 'sshd.sh') start $folder $Count @Subsystem > "$folder.log" 2>&1
    if ($LASTEXITCODE) { throw "The servers did not start: $(Get-Content "$folder.log" -Raw)" }
    @{ Folder = $folder; Ports = [int[]](Get-Content (Join-Path $folder 'ports')).ForEach({ ($_ -split ' ')[0] }) }
}

function Stop-TestServers($Servers) { sh (Join-Path $HostsFolder 'sshd.sh') stop $Servers.Folder }

# The parameters that New-DagHost needs, besides a name and a port, to log in.
function Get-TestAccess($Servers) {
    @{
        UserName = [Environment]::UserName
        KeyFilePath = Join-Path $Servers.Folder 'user_key'
        # A busy machine needs more than the default time to start PowerShell.
        ConnectTimeout = 120
        Options = @{
            UserKnownHostsFile = Join-Path $Servers.Folder 'known_hosts'
            GlobalKnownHostsFile = '/dev/null'
            StrictHostKeyChecking = 'yes'
            IdentitiesOnly = 'yes'
            IdentityAgent = 'none'
        }
    }
}

function New-TestHost($Servers, [int]$Index = 0, [hashtable]$Over = @{}) {
    $access = Get-TestAccess $Servers
    $access.Port = $Servers.Ports[$Index]
    foreach ($key in $Over.Keys) { $access[$key] = $Over[$key] }
    New-DagHost 127.0.0.1 @access
}

# A process that has ended stays in the list until its parent asks for its exit code.
function Test-Ended([int]$Id) {
    if ($IsWindows) { -not (Get-Process -Id $Id -ErrorAction Ignore) } else { "$(ps -o stat= -p $Id)" -notmatch '^[^Z]' }
}

function Get-ParentId([int]$Id) { [int](ps -o ppid= -p $Id) }

# Runs a script in a process of its own that has these functions and the servers, and returns what it wrote, or throws its failure.
function Invoke-HostChild($Servers, [string]$Script) {
    $given = if ($Servers) { "`$servers = @{ Folder = '$($Servers.Folder)'; Ports = [int[]]($($Servers.Ports -join ', ')) }" }
    Invoke-ChildPwsh @"
`$ErrorActionPreference = 'Continue'
`$TestDrive = '$TestDrive'; `$HostsFolder = '$HostsFolder'
function Get-TestAccess { ${function:Get-TestAccess} }
function New-TestHost { ${function:New-TestHost} }
function Get-ParentId { ${function:Get-ParentId} }
function Wait-Until { ${function:Wait-Until} }
`$env:LYTHONIC_DAG_DB = '$(New-DatabasePath)'
$given
$Script
"@
}
