BeforeDiscovery {
    $whyNoSlurm = if (-not $IsLinux) { 'Slurm is for Linux' } else { sh (Join-Path $PSScriptRoot '../Hosts/slurm.sh') check }
}

Describe 'A cluster as a host' -Skip:([bool]$whyNoSlurm) {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')
        . (Join-Path $PSScriptRoot 'HostSession.ps1')
        $folder = Join-Path $TestDrive 'slurm'
        sh (Join-Path $HostsFolder 'slurm.sh') start $folder > "$folder.log" 2>&1
        if ($LASTEXITCODE) { throw "Slurm did not start: $(Get-Content "$folder.log" -Raw)" }
        $SavedEnvironment.SLURM_CONF = $env:SLURM_CONF
        $env:SLURM_CONF = Join-Path $folder 'slurm.conf'

        function New-Cluster([int]$Slots) {
            New-DagHost -Command (@('srun', '-Q', '-n1', '-c1') + $ServerWords + '-s', '-NoLogo', '-NoProfile') -Slots $Slots -Name slurm
        }
    }

    AfterAll {
        sh (Join-Path $HostsFolder 'slurm.sh') stop $folder
        Restore-TestSession
    }

    It 'runs elements as steps that it accounts, as many at once as the host has slots' {
        $cluster = New-Cluster 2
        $run = New-Dag steps {
            Add-DagNode numbers { 1..6 }
            Add-DagNode work -After numbers -On $cluster -Map { "$env:SLURM_JOB_ID" }
        } | Invoke-Dag
        $run.Status | Should -Be completed
        $run.Outputs['work'] | Should -Match '^\d+$'
        @($run.Outputs['work'] | Sort-Object -Unique).Count | Should -BeLessOrEqual 2
        $run.Nodes['work'].ChildRuns.Nodes.Host | Sort-Object -Unique | Should -Be slurm
    }

    It 'loses a step to scancel, in the words of Slurm, and the element goes to another slot' {
        $cluster = New-Cluster 2
        $file = Join-Path $TestDrive 'cancelled'
        $job = New-Dag lost {
            Add-DagNode numbers { 1, 2 }
            Add-DagNode work -After numbers -On $cluster -Map {
                if ($_ -eq 1 -and $DagContext.Attempt -eq 1) {
                    Set-Content $using:file $env:SLURM_JOB_ID
                    while ($true) { Start-Sleep -Milliseconds 50 }
                }
                $_
            }
        } | Invoke-Dag -AsJob
        Wait-Until { (Test-Path $file) -and (Get-Content $file) }
        scancel (Get-Content $file)
        $run = $job | Wait-Job | Receive-Job
        $run.Outputs['work'] | Should -Be 1, 2
        $first = Invoke-StoreQuery $run.DatabasePath "SELECT n.error AS error, n.attempt AS attempt FROM node_executions n JOIN dag_runs r ON r.run_id = n.run_id WHERE r.parent_run_id = '$($run.RunId)' AND n.status = 'failed'"
        $first.attempt | Should -Be 1
        $first.error | Should -BeLike "*'slurm' is unreachable*CANCELLED*"
    }

    It 'runs the example' {
        $said = & (Join-Path $RepositoryRoot 'docs/examples/slurm-farm.ps1') -Slots 2 -Elements 8 -Pwsh $ServerWords -DatabasePath (New-DatabasePath)
        $said | Should -Match '^pi is about 3\.1\d*, by [12] steps of the cluster$'
    }
}
