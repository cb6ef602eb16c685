<#
Counts primes on several machines at once: a farm over SSH. Each machine needs only pwsh as a subsystem of its SSH server; see
about_Lythonic.Dag_Hosts. If a machine is lost, the others do its share. If the script was ended and is started again, it goes
on with what is left.

    pwsh docs/examples/ssh-farm.ps1 ops@node1, ops@node2 -Below 1000000
#>
[CmdletBinding()]
param(
    # Names of hosts, or hosts from New-DagHost.
    [Parameter(Mandatory, Position = 0)] [object[]] $On,
    [int] $Below = 100000,
    [int] $Parts = 20,
    [string] $DatabasePath
)

if (-not (Get-Module Lythonic.Dag)) {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Lythonic.Dag.psd1')) -ErrorAction Stop
}

$primes = New-Dag primes {
    Add-DagNode parts {
        param([int] $Below, [int] $Parts)
        $size = [Math]::Ceiling($Below / $Parts)
        for ($from = 0; $from -lt $Below; $from += $size) {
            [pscustomobject]@{ From = $from; To = [Math]::Min($from + $size, $Below) }
        }
    }

    Add-DagNode count -After parts -On $On -Map {
        param([int] $From, [int] $To)
        $found = 0
        for ($number = [Math]::Max($From, 2); $number -lt $To; $number++) {
            $isPrime = $true
            for ($divisor = 2; $divisor * $divisor -le $number; $divisor++) {
                if ($number % $divisor -eq 0) { $isPrime = $false; break }
            }
            if ($isPrime) { $found++ }
        }
        $found
    }

    Add-DagNode sum -After count { ($_ | Measure-Object -Sum).Sum }
}

$options = @{ SourceInput = @{ Below = $Below; Parts = $Parts }; ErrorAction = 'Stop' }
if ($DatabasePath) { $options.DatabasePath = $DatabasePath }

# Restart the newest run of this DAG, if an earlier start left it without completing it.
$where = @{}
if ($DatabasePath) { $where.DatabasePath = $DatabasePath }
$left = Get-DagRun -DagName primes -First 1 @where | Where-Object Status -In 'failed', 'cancelled', 'interrupted', 'paused'
$run = if ($left) { $left | Restart-DagRun -Dag $primes } else { Invoke-Dag $primes @options }

$run.Nodes['count'].ChildRuns.Nodes | Group-Object Host | Sort-Object Name | ForEach-Object { "$($_.Name): $($_.Count) parts" }
"$($run.Outputs['sum']) primes below $Below"
