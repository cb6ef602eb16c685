<#
Estimates pi on a cluster: each slot is a step of Slurm, which queues, places and limits it. The nodes of the cluster need pwsh.
Slots are opened when there is work.

    pwsh docs/examples/slurm-farm.ps1 -Slots 32 -Elements 256
#>
[CmdletBinding()]
param(
    [int] $Slots = 8,
    [int] $Elements = 32,
    # The PowerShell on the nodes, and further arguments for srun besides one task and one processor, such as a partition.
    [string[]] $Pwsh = 'pwsh',
    [string[]] $Srun = @(),
    [string] $DatabasePath
)

if (-not (Get-Module Lythonic.Dag)) {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Lythonic.Dag.psd1')) -ErrorAction Stop
}

$command = @('srun', '-Q', '-n1', '-c1') + $Srun + $Pwsh + @('-s', '-NoLogo', '-NoProfile')
$cluster = New-DagHost -Command $command -Slots $Slots -Name slurm

$pi = New-Dag pi {
    Add-DagNode seeds { param([int] $Count) 1..$Count }

    Add-DagNode throw -After seeds -On $cluster -Map {
        param([int] $Seed)
        $random = [Random]::new($Seed)
        $inside = 0
        foreach ($throw in 1..10000) {
            $x, $y = $random.NextDouble(), $random.NextDouble()
            if ($x * $x + $y * $y -le 1) { $inside++ }
        }
        [pscustomobject]@{ Inside = $inside; Job = $env:SLURM_JOB_ID }
    }

    Add-DagNode pi -After throw {
        param([object[]] $Throws)
        [Math]::Round(4 * ($Throws.Inside | Measure-Object -Average).Average / 10000, 3)
    }
}

$options = @{ SourceInput = @{ Count = $Elements }; ErrorAction = 'Stop' }
if ($DatabasePath) { $options.DatabasePath = $DatabasePath }
$run = Invoke-Dag $pi @options
"pi is about $($run.Outputs['pi']), by $(@($run.Nodes['throw'].Output.Job | Sort-Object -Unique).Count) steps of the cluster"
